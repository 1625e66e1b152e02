import type { Project, Service } from '@drover/compose';
import { composeLabel } from '../../../model/labels.ts';
import type { SwarmDesired } from '../../../model/swarm/desired.ts';
import type { SwarmObserved } from '../../../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../../../model/swarm/plan-options.ts';
import type { Findings } from '../../problems.ts';
import { explainPlacement, hostName, place } from '../placement.ts';
import type { PlacementNeed } from '../placement-need.ts';
import { parsePlatform, taskPlacement } from '../spec/task-placement.ts';
import { taskResources } from '../spec/task-resources.ts';

export interface HostRequest {
  readonly desired: SwarmDesired;
  readonly observed: SwarmObserved;
  readonly options: SwarmPlanOptions;
  /** Services that share the host. */
  readonly group: readonly string[];
  /** Groups that were put on each host by this plan already. */
  readonly chosen: ReadonlyMap<string, number>;
  /** What asks for one host, as a sentence's beginning; absent: that they run as pinned containers. */
  readonly said?: string;
}

/** The names of the hosts on which a group of services runs: one, or all that fit where it is global. None is among the findings. */
export function chooseHosts(request: HostRequest, findings: Findings): readonly string[] {
  const { desired, observed, options, group, chosen } = request;
  const { hosts = new Map<string, string>(), pinned, usage } = observed;
  const path = ['services', group[0] ?? ''];
  const pinnedSaid = `${group.join(' and ')} ${group.length === 1 ? 'runs' : 'run'} as a container pinned to one host`;
  const { said = pinnedSaid } = request;
  const reachable = observed.nodes.filter(({ ID }) => pinned?.has(hosts.get(ID) ?? '') === true);
  const placed = group.map((name) => desired.placed?.get(name)).find((host) => host !== undefined);
  const stands = whereItStands(observed, group, placed);
  const before = stands ?? placed;
  const isMoved = group.some((name) => options.move?.has(name) === true);
  const holder = group.find((name) => holdsSomething(desired.project.services[name] as Service));
  if (stands === undefined && before !== undefined && pinned?.has(before) !== true && !isMoved) {
    if (holder !== undefined) {
      const message = `${said}; its host ${before} cannot be reached, and ${holder} has data or devices there: bring the host back, or ask for the move`;
      findings.problem('no-host', message, path);
      return [];
    }
    findings.notice(`${group.join(' and ')}: the host ${before} cannot be reached; another one is chosen`, path);
  }
  const answer = place(needOf(desired.project, group), reachable, usage);
  const isGlobal = group.some((name) => (desired.project.services[name]?.deploy?.mode ?? '').startsWith('global'));
  const fitting = answer.fitting.map((node) => ({ node, host: hosts.get(node.ID) ?? hostName(node) }));
  if (isGlobal && fitting.length > 0) return fitting.map(({ host }) => host);
  if (before !== undefined && !isMoved && fitting.some(({ host }) => host === before)) return [before];
  if (stands !== undefined && !isMoved && holder !== undefined) {
    const message = `${group.join(' and ')} stays on ${stands}, which does not fit any more, since ${holder} has data or devices there; ask for the move`;
    findings.notice(message, path);
    return [stands];
  }
  const load = ({ node, host }: (typeof fitting)[number]): number =>
    (chosen.get(host) ?? 0) + [...(usage?.get(node.ID)?.tasks.values() ?? [])].reduce((sum, count) => sum + count, 0);
  const others = isMoved && fitting.length > 1 ? fitting.filter(({ host }) => host !== before) : fitting;
  const [best] = others.sort((a, b) => load(a) - load(b) || (a.host < b.host ? -1 : 1));
  if (best !== undefined) return [best.host];
  const why = reachable.length === 0 ? 'Drover reaches the engine of no host' : explainPlacement(answer);
  findings.problem('no-host', `${said}, and ${why}`, path);
  return [];
}

/** The host that has a container of one of the services; of several, the one where it was put last. */
function whereItStands(
  { pinned, project }: SwarmObserved,
  group: readonly string[],
  placed: string | undefined,
): string | undefined {
  const found = [...(pinned ?? [])].filter(([, { containers }]) =>
    containers.some(({ Config, State }) => {
      const labels = Config.Labels ?? {};
      const { [composeLabel.project]: owner, [composeLabel.service]: service = '' } = labels;
      if (labels[composeLabel.oneOff] === 'True' || State.Status === 'removing') return false;
      return owner === project && group.includes(service);
    }),
  );
  const hosts = found.map(([host]) => host).sort();
  return placed !== undefined && hosts.includes(placed) ? placed : hosts[0];
}

/** Whether a container leaves something behind on its host. */
function holdsSomething({ volumes = [], devices = [], gpus = [], deploy }: Service): boolean {
  const writes = volumes.some(({ type, read_only }) => read_only !== true && (type === 'volume' || type === 'bind'));
  return writes || devices.length + gpus.length + (deploy?.resources?.reservations?.devices ?? []).length > 0;
}

/** What the services of a group need together. */
function needOf(project: Project, group: readonly string[]): PlacementNeed {
  const services = group.map((name) => project.services[name] as Service);
  const reserved = services.map((service) => taskResources(service)?.Reservations ?? {});
  const sum = (values: readonly (number | null | undefined)[]): number =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const generic = new Map<string, number>();
  for (const { DiscreteResourceSpec: spec } of reserved.flatMap(({ GenericResources }) => GenericResources ?? [])) {
    if (spec?.Kind) generic.set(spec.Kind, (generic.get(spec.Kind) ?? 0) + (spec.Value ?? 0));
  }
  return {
    constraints: services.flatMap((service) => taskPlacement(service, []).Constraints ?? []),
    platforms: services.flatMap(({ platform = '' }) => (platform === '' ? [] : [parsePlatform(platform)])),
    nanoCpus: sum(reserved.map(({ NanoCPUs }) => NanoCPUs)),
    memoryBytes: sum(reserved.map(({ MemoryBytes }) => MemoryBytes)),
    generic,
    ports: services.flatMap(({ ports = [] }) =>
      ports
        .filter(({ published = '' }) => /^[1-9]\d*$/.test(published))
        .map(({ published, protocol, host_ip = '' }) => ({
          hostIp: host_ip,
          port: Number(published),
          protocol: protocol || 'tcp',
        })),
    ),
    mostPerHost: 0,
  };
}
