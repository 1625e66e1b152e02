import type { Service } from '@drover/compose';
import type { SwarmDesired, SwarmImage } from '../../model/swarm/desired.ts';
import type { SwarmObserved } from '../../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../../model/swarm/plan-options.ts';
import { dependenciesOf } from '../dependencies.ts';
import { hasHealthCheck } from '../has-health-check.ts';
import type { Findings } from '../problems.ts';
import { isInMesh } from './spec/endpoint.ts';
import { stackName } from './spec/service-spec.ts';
import { taskOrder } from './spec/update-config.ts';

export interface SwarmCheckRequest {
  readonly desired: SwarmDesired;
  readonly observed: SwarmObserved;
  readonly options: SwarmPlanOptions;
  readonly serviceName: string;
  readonly service: Service;
}

/** Swarm takes service names of this many characters. */
const longestName = 63;

/** Finds what no Swarm could do. Answers the service's image; undefined when it has none. */
export function checkSwarmService(request: SwarmCheckRequest, findings: Findings): SwarmImage | undefined {
  const { desired, observed, serviceName, service } = request;
  const path = ['services', serviceName];
  const name = stackName(desired.project, serviceName);
  if (name.length > longestName) {
    findings.problem(
      'invalid',
      `${serviceName}: Swarm takes names of ${longestName} characters, and ${name} is longer`,
      path,
    );
  }
  const other = observed.foreign.find((each) => each.name === name);
  if (other !== undefined) {
    const whose = other.stack === undefined ? 'which belongs to no stack' : `which belongs to the stack ${other.stack}`;
    findings.problem('name-taken', `${serviceName}: there is a service ${name}, ${whose}`, path);
  }
  checkDependencies(request, findings);
  const image = desired.images.get(serviceName);
  if (image === undefined) {
    const named = service.image === undefined ? '' : ` ${service.image}`;
    findings.problem('missing-image', `${serviceName}: its image${named} was not found`, [...path, 'image']);
    return undefined;
  }
  noteIpvs(request, findings);
  const { refusal } = taskOrder(service, image.config ?? {}, desired.facts.ipvs !== false);
  if (refusal !== undefined) {
    const message = `${serviceName} cannot be replaced start-first, since ${refusal}; the old tasks stop first`;
    findings.notice(message, [...path, 'deploy', 'update_config', 'order']);
  }
  return image;
}

function noteIpvs({ desired, serviceName, service }: SwarmCheckRequest, findings: Findings): void {
  if (desired.facts.ipvs !== false) return;
  const path = ['services', serviceName];
  const { endpoint_mode = '' } = service.deploy ?? {};
  if (endpoint_mode !== 'dnsrr') {
    const message = `${serviceName}: its name leads to the tasks in turn (dnsrr), since a host has no IPVS for a virtual address`;
    findings.notice(message, [...path, 'deploy', 'endpoint_mode']);
  }
  if ((service.ports ?? []).some(isInMesh)) {
    const message = `${serviceName}: its ports are published on the hosts that run a task (mode: host), since a host has no IPVS for the routing mesh`;
    findings.notice(message, [...path, 'ports']);
  }
}

function checkDependencies({ desired, serviceName, service }: SwarmCheckRequest, findings: Findings): void {
  const { services } = desired.project;
  for (const { on, condition, required } of dependenciesOf(service)) {
    const path = ['services', serviceName, 'depends_on', on];
    const dependency = Object.hasOwn(services, on) ? services[on] : undefined;
    if (dependency === undefined) {
      if (required)
        findings.problem('invalid', `${serviceName} depends on ${on}, which is not an active service`, path);
    } else if (condition === 'service_healthy' && knownWithoutHealth(dependency, desired.images.get(on))) {
      const message = `${serviceName} waits for the health of ${on}, which has no health check`;
      if (required) findings.problem('invalid', message, path);
      else findings.notice(message, path);
    }
  }
}

/** An image whose settings could not be read may have a health check of its own. */
function knownWithoutHealth(service: Service, image: SwarmImage | undefined): boolean {
  const { disable = false, test = [] } = service.healthcheck ?? {};
  const isKnown = disable || test.length > 0 || image?.config !== undefined;
  return isKnown && !hasHealthCheck(service, image);
}
