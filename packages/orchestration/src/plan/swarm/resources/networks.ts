import type { Network, Project } from '@drover/compose';
import { droverLabel } from '../../../model/labels.ts';
import type { NetworkBody } from '../../../model/network-body.ts';
import type { ObservedNetwork } from '../../../model/observed.ts';
import { stackLabel } from '../../../model/swarm/labels.ts';
import type { SwarmObserved } from '../../../model/swarm/observed.ts';
import type { Findings } from '../../problems.ts';
import { networkChanges } from '../../resources/network-body.ts';
import { networkName } from '../../spec/networking.ts';
import { lonelyNetwork } from '../spec/task-networks.ts';

/** A network that the stack's services are to be on. */
export interface SwarmNetworkDecision {
  readonly key: string;
  readonly name: string;
  /** Absent where it is to be made. */
  readonly id?: string;
  readonly body?: NetworkBody;
}

export interface SwarmNetworkRequest {
  readonly project: Project;
  readonly observed: SwarmObserved;
  readonly revision: number;
  /** Keys of the networks that services use. */
  readonly used: ReadonlySet<string>;
  /** Services with `network_mode: none`. */
  readonly lonely: readonly string[];
  /** Keys of networks that containers outside of Swarm's hands are to join. */
  readonly attached: ReadonlySet<string>;
}

/** Decides about every network that is used; what cannot be is among the findings. */
export function decideSwarmNetworks(request: SwarmNetworkRequest, findings: Findings): SwarmNetworkDecision[] {
  const { project, used, lonely } = request;
  return [
    ...[...used].sort().flatMap((key) => decideNetwork(request, key, findings) ?? []),
    ...lonely.map((serviceName) => {
      const name = lonelyNetwork(project, serviceName);
      return decideOwn(request, { key: `${serviceName}_none`, name }, { internal: true, ipam: {} }, findings);
    }),
  ];
}

function decideNetwork(
  request: SwarmNetworkRequest,
  key: string,
  findings: Findings,
): SwarmNetworkDecision | undefined {
  const { project } = request;
  const network = Object.hasOwn(project.networks, key) ? project.networks[key] : undefined;
  if (network === undefined) {
    findings.problem('invalid', `the network ${key} is used but not declared`, ['networks', key]);
    return undefined;
  }
  const place = { key, name: networkName(project, key) };
  return network.external === true
    ? decideExternal(request, place, findings)
    : decideOwn(request, place, network, findings);
}

interface Place {
  readonly key: string;
  readonly name: string;
}

function decideOwn(
  request: SwarmNetworkRequest,
  { key, name }: Place,
  network: Network,
  findings: Findings,
): SwarmNetworkDecision {
  const { project, observed, attached } = request;
  const found = observed.networks.find((each) => each.Name === name);
  const body = overlayBody(request, name, network);
  if (found === undefined) return { key, name, body };
  const path = ['networks', key];
  const owner = found.Labels?.[stackLabel.namespace];
  if (owner !== project.name) {
    const whose = owner === undefined ? 'was not made for this stack' : `belongs to the stack ${owner}`;
    const message = `the network ${name} exists and ${whose}; set "external: true" to use it as it stands, or another "name"`;
    findings.problem('foreign-network', message, path);
    return { key, name, id: found.Id };
  }
  // A network of `docker stack deploy` is seldom attachable, which only a pinned container needs.
  const needsAttachable = network.attachable === true || attached.has(key);
  const changes = networkChanges({ ...body, Attachable: needsAttachable || found.Attachable }, found);
  if (changes.length > 0) {
    findings.problem(
      'network-differs',
      `the network ${name} exists with other settings (${changes.join(', ')}), and a Swarm changes no network while services are on it: give it another "name", or take the stack down first`,
      path,
    );
  }
  return { key, name, id: found.Id };
}

function decideExternal(
  { observed, attached }: SwarmNetworkRequest,
  { key, name }: Place,
  findings: Findings,
): SwarmNetworkDecision | undefined {
  const path = ['networks', key];
  if (name === 'host' || name === 'bridge') return { key, name, id: name };
  const named = observed.networks.filter((each) => each.Name === name || each.Id === name);
  const found = named.find(({ Scope }) => Scope === 'swarm');
  if (found === undefined) {
    const what = named.length > 0 ? 'the one of that name ends at its host' : 'the Swarm has none of that name';
    const hint = 'make it with "docker network create --driver overlay --attachable"';
    findings.problem('missing-network', `the network ${name} is declared as external, and ${what}; ${hint}`, path);
    return undefined;
  }
  if (attached.has(key) && !found.Attachable) {
    const message = `a pinned container is to join the network ${name}, which is not attachable; make it with "--attachable"`;
    findings.problem('network-differs', message, path);
  }
  return { key, name: found.Name, id: found.Id };
}

/** The creation of one of the stack's networks. */
function overlayBody({ project, revision }: SwarmNetworkRequest, name: string, network: Network): NetworkBody {
  const pools = network.ipam.config ?? [];
  const driver = network.ipam.driver ?? '';
  return {
    Name: name,
    Driver: network.driver || 'overlay',
    Internal: network.internal === true,
    Attachable: true,
    ...(driver !== '' || pools.length > 0
      ? {
          IPAM: {
            Driver: driver || 'default',
            Config: pools.map(({ subnet, ip_range, gateway }) => ({
              Subnet: subnet,
              IPRange: ip_range,
              Gateway: gateway,
            })),
          },
        }
      : {}),
    ...(network.enable_ipv6 === undefined ? {} : { EnableIPv6: network.enable_ipv6 }),
    Options: network.driver_opts,
    Labels: { ...network.labels, [stackLabel.namespace]: project.name, [droverLabel.revision]: String(revision) },
  };
}

/** The stack's own networks, by its label. */
export function ownNetworks({ project, networks }: SwarmObserved): readonly ObservedNetwork[] {
  return networks.filter(({ Labels }) => Labels?.[stackLabel.namespace] === project);
}
