import type { Network, Project, Service } from '@drover/compose';
import type { Desired, ServiceImage } from '../../../model/desired.ts';
import { PlanError } from '../../../model/errors.ts';
import { hookImageKey } from '../../../model/hook-image.ts';
import { composeLabel } from '../../../model/labels.ts';
import type { Observed, ObservedContainer, ObservedNetwork } from '../../../model/observed.ts';
import type { Operation } from '../../../model/operation.ts';
import type { ServiceChange } from '../../../model/plan.ts';
import type { SwarmDesired } from '../../../model/swarm/desired.ts';
import { stackLabel } from '../../../model/swarm/labels.ts';
import type { SwarmObserved } from '../../../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../../../model/swarm/plan-options.ts';
import { planDeploy } from '../../deploy.ts';
import type { Findings } from '../../problems.ts';
import type { SwarmNetworkDecision } from '../resources/networks.ts';
import { chooseHosts } from './choose-host.ts';
import { onHost } from './on-host.ts';

export interface PinnedRequest {
  readonly desired: SwarmDesired;
  readonly observed: SwarmObserved;
  readonly options: SwarmPlanOptions;
  /** Services that share a host, those that are concerned. */
  readonly groups: readonly (readonly string[])[];
  readonly networks: readonly SwarmNetworkDecision[];
}

export interface PinnedPlan {
  /** Of all hosts, each host's after one another. */
  readonly operations: readonly Operation[];
  readonly services: readonly ServiceChange[];
}

/** What is done on the hosts whose engines run containers of the stack: on each, what the planner of one engine says. */
export function planPinned(request: PinnedRequest, findings: Findings): PinnedPlan {
  const { observed, groups } = request;
  const byHost = new Map<string, string[]>();
  const chosen = new Map<string, number>();
  for (const group of groups) {
    for (const host of chooseHosts({ ...request, group, chosen }, findings)) {
      byHost.set(host, [...(byHost.get(host) ?? []), ...group]);
      chosen.set(host, (chosen.get(host) ?? 0) + group.length);
    }
  }
  const standing = [...(observed.pinned ?? [])]
    .filter(([, { containers }]) => containers.length > 0)
    .map(([host]) => host);
  const operations: Operation[] = [];
  const services: ServiceChange[] = [];
  for (const host of [...new Set([...byHost.keys(), ...standing])].sort()) {
    const here = observed.pinned?.get(host);
    if (here === undefined) continue;
    const plan = planHost(request, host, byHost.get(host) ?? [], here, findings);
    operations.push(...withReasons(onHost(plan.operations, host), request.desired.project, byHost.get(host) ?? []));
    services.push(...plan.services);
  }
  return { operations, services: merged(services) };
}

/** To its host's own plan a service that left is none of the project; the whole knows better. */
function withReasons(
  operations: readonly Operation[],
  { services }: Project,
  here: readonly string[],
): readonly Operation[] {
  return operations.map((operation) => {
    const { service = '' } = operation;
    if (here.includes(service) || !Object.hasOwn(services, service)) return operation;
    return { ...operation, causes: [`the service ${service} runs elsewhere now`] };
  });
}

/** The services of one host as that host's own planner reads them. */
export function desiredOnHost(
  desired: SwarmDesired,
  names: readonly string[],
  networks: readonly SwarmNetworkDecision[],
  findings: Findings,
): Desired {
  const project = hostProject(desired.project, names, networks);
  return { ...desired, accepted: [], project, images: localImages(desired, names, findings) };
}

/** What stands on one host, with the networks of the stack that it does not know yet. */
export function observedOnHost(observed: Observed, networks: readonly SwarmNetworkDecision[]): Observed {
  return { ...observed, networks: withOverlays(observed.networks, networks) };
}

function planHost(
  { desired, options, groups, networks }: PinnedRequest,
  host: string,
  names: readonly string[],
  observed: Observed,
  findings: Findings,
): PinnedPlan {
  const concerned = new Set(groups.flat());
  const wanted = desiredOnHost(desired, names, networks, findings);
  if ([...names].some((name) => !wanted.images.has(name))) return { operations: [], services: [] };
  const { services: selected, recreate, orphans, scale, wait } = options;
  const inHost = {
    ...observedOnHost(observed, networks),
    // A part of the stack that is deployed alone leaves what else stands on the host.
    containers: selected === undefined ? observed.containers : observed.containers.filter(isOfService(concerned)),
  };
  try {
    return planDeploy(wanted, inHost, {
      ...(recreate === undefined ? {} : { recreate }),
      ...(wait === undefined ? {} : { wait }),
      ...(scale === undefined ? {} : { scale }),
      orphans: orphans ?? 'own',
    });
  } catch (thrown) {
    if (!(thrown instanceof PlanError)) throw thrown;
    for (const { code, message, service } of thrown.problems) {
      findings.problem(
        code,
        `on the host ${host}: ${message}`,
        service === undefined ? ['services'] : ['services', service],
      );
    }
    return { operations: [], services: [] };
  }
}

/** Whether a container is of one of the services. */
function isOfService(services: ReadonlySet<string>): (container: ObservedContainer) => boolean {
  return ({ Config }) => services.has(Config.Labels?.[composeLabel.service] ?? '');
}

/** The services of one host as a project of its own, on the networks of the stack, which are there already. */
function hostProject(project: Project, names: readonly string[], networks: readonly SwarmNetworkDecision[]): Project {
  const outer = networks.map(({ key, name }): [string, Network] => [key, { name, external: true, ipam: {} }]);
  return {
    ...project,
    services: Object.fromEntries(names.map((name) => [name, hostService(project, name, names)])),
    disabledServices: {},
    networks: Object.fromEntries(outer),
  };
}

function hostService(project: Project, name: string, names: readonly string[]): Service {
  const { depends_on, links, ...service } = project.services[name] as Service;
  const near = Object.entries(depends_on ?? {}).filter(([on]) => names.includes(on));
  const linked = (links ?? []).filter((link) => names.includes(link.split(':')[0] ?? ''));
  return {
    ...service,
    labels: { ...service.labels, ...service.deploy?.labels, [stackLabel.namespace]: project.name },
    ...(near.length > 0 ? { depends_on: Object.fromEntries(near) } : {}),
    ...(linked.length > 0 ? { links: linked } : {}),
  };
}

/** A host knows a network of the Swarm only once a container of it is there; the engine finds it by name all the same. */
function withOverlays(
  known: readonly ObservedNetwork[],
  networks: readonly SwarmNetworkDecision[],
): readonly ObservedNetwork[] {
  const names = new Set(known.map(({ Name }) => Name));
  const missing = networks
    .filter(({ name }) => !names.has(name))
    .map(
      ({ name, id = name, body }): ObservedNetwork => ({
        Id: id,
        Name: name,
        Driver: 'overlay',
        Scope: 'swarm',
        EnableIPv6: false,
        IPAM: {},
        Internal: body?.Internal === true,
        Attachable: true,
        Options: null,
        Labels: body?.Labels ?? null,
      }),
    );
  return [...known, ...missing];
}

function localImages(
  { images, project }: SwarmDesired,
  names: readonly string[],
  findings: Findings,
): ReadonlyMap<string, ServiceImage> {
  const keys = names.flatMap((name) => [
    name,
    ...(project.services[name]?.pre_start ?? []).map((_, index) => hookImageKey(name, index + 1)),
  ]);
  const local = new Map<string, ServiceImage>();
  for (const key of keys) {
    const image = images.get(key);
    if (image?.local !== undefined) local.set(key, image.local);
    else if (names.includes(key)) {
      const message = `${key}: its image ${image?.ref ?? ''} is not in the engine of its host`;
      findings.problem('missing-image', message, ['services', key, 'image']);
    }
  }
  return local;
}

/** A service that moves is removed on one host and created on another: it is said once. */
function merged(changes: readonly ServiceChange[]): ServiceChange[] {
  const byService = new Map<string, ServiceChange>();
  for (const change of changes) {
    const known = byService.get(change.service);
    if (known === undefined) byService.set(change.service, change);
    else {
      const causes = [...new Set([...known.causes, ...change.causes])];
      byService.set(change.service, { service: change.service, change: 'recreated', causes });
    }
  }
  return [...byService.values()];
}
