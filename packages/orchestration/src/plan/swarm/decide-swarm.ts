import type { Service } from '@drover/compose';
import type { SwarmDesired } from '../../model/swarm/desired.ts';
import type { SwarmObserved } from '../../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../../model/swarm/plan-options.ts';
import { dependenciesOf, serviceOrder, withDependencies } from '../dependencies.ts';
import type { Findings } from '../problems.ts';
import { checkSwarmService } from './check-swarm-service.ts';
import { decideSwarmService, withRestart } from './decide-swarm-service.ts';
import { decidePorts, type PortOrder } from './published-ports.ts';
import { decideFiles, type FileDecisions, usedFiles } from './resources/files.ts';
import { decideSwarmNetworks, type SwarmNetworkDecision } from './resources/networks.ts';
import type { SwarmServiceDecision } from './service-decision.ts';
import { stackName } from './spec/service-spec.ts';
import { awaitedJobs } from './spec/task-mode.ts';
import { VolumeHomes } from './volume-homes.ts';

/** Everything that is decided before a single operation is written. */
export interface SwarmDecision {
  /** Every service that is concerned, those of pinned containers too, each after what it depends on. */
  readonly concerned: readonly string[];
  readonly networks: readonly SwarmNetworkDecision[];
  readonly secrets: FileDecisions;
  readonly configs: FileDecisions;
  /** Those that Swarm runs, in the order of their dependencies. */
  readonly services: readonly SwarmServiceDecision[];
  readonly ports: PortOrder;
}

/** `pinned` are the services that Swarm does not run. */
export function decideSwarm(
  desired: SwarmDesired,
  observed: SwarmObserved,
  options: SwarmPlanOptions,
  pinned: ReadonlySet<string>,
  findings: Findings,
): SwarmDecision {
  const { project, revision } = desired;
  const { order, circle } = serviceOrder(project);
  if (circle.length > 0) {
    const message = `the services ${circle.join(', ')} depend on each other in a circle`;
    findings.problem('invalid', message, ['services', circle[0] ?? '']);
  }
  const selected = chooseServices(desired, observed, options, findings);
  const concerned = order.filter((name) => selected.has(name));
  const serviceOf = (name: string): Service => project.services[name] as Service;
  const run = concerned.filter((name) => !pinned.has(name));
  const ofSwarm = run.map(serviceOf);
  const networks = decideSwarmNetworks(
    {
      project,
      observed,
      revision,
      used: usedNetworks(concerned.map(serviceOf)),
      attached: usedNetworks(concerned.filter((name) => pinned.has(name)).map(serviceOf)),
      lonely: run.filter((name) => serviceOf(name).network_mode === 'none'),
    },
    findings,
  );
  const secrets = decideFiles('secret', usedFiles('secret', ofSwarm), desired, observed, findings);
  const configs = decideFiles('config', usedFiles('config', ofSwarm), desired, observed, findings);
  const ids = new Map(networks.map(({ name, id }) => [name, id]));
  const names = new Map(observed.networks.map(({ Id, Name }) => [Id, Name]));
  const awaited = awaitedJobs(project);
  const homes = new VolumeHomes(project, observed);
  const decided = run.flatMap((name): SwarmServiceDecision[] => {
    const service = serviceOf(name);
    const image = checkSwarmService({ desired, observed, options, serviceName: name, service }, findings);
    if (image === undefined) return [];
    return [
      decideSwarmService({
        desired,
        observed,
        options,
        serviceName: name,
        service,
        image,
        awaited: awaited.has(name),
        secrets: secrets.files,
        configs: configs.files,
        networkId: (network) => ids.get(network),
        networkName: (nameOrId) => names.get(nameOrId) ?? nameOrId,
        homes,
      }),
    ];
  });
  const services = withRestarts(decided);
  return { concerned, networks, secrets, configs, services, ports: decidePorts(services, observed, findings) };
}

/** Tasks that ask for it are made anew with those of what they depend on. */
function withRestarts(decisions: readonly SwarmServiceDecision[]): SwarmServiceDecision[] {
  const replaced = new Set(
    decisions.filter(({ standing, replacesTasks }) => standing !== undefined && replacesTasks).map(({ name }) => name),
  );
  return decisions.map((decision) => {
    const causes = dependenciesOf(decision.service)
      .filter(({ on, restart }) => restart && replaced.has(on))
      .map(({ on }) => on);
    if (causes.length === 0) return decision;
    const are = causes.length === 1 ? 'is' : 'are';
    return withRestart(decision, `${causes.join(' and ')} ${are} replaced, and it asks to be restarted then`);
  });
}

function chooseServices(
  { project }: SwarmDesired,
  observed: SwarmObserved,
  options: SwarmPlanOptions,
  findings: Findings,
): ReadonlySet<string> {
  if (options.services === undefined) return new Set(Object.keys(project.services));
  const standing = new Set(observed.services.map(({ Spec }) => Spec.Name ?? ''));
  for (const name of options.services) {
    if (!Object.hasOwn(project.services, name) && !standing.has(stackName(project, name)))
      findings.problem('invalid', `there is no service ${name}`, ['services']);
  }
  const known = options.services.filter((name) => Object.hasOwn(project.services, name));
  return options.withoutDependencies === true ? new Set(known) : withDependencies(project, known);
}

/** Keys of the networks that services name. */
export function usedNetworks(services: readonly Service[]): ReadonlySet<string> {
  return new Set(services.flatMap((service) => (service.network_mode ? [] : Object.keys(service.networks ?? {}))));
}
