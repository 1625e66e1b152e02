import type { NodeUsage, ObservedNode } from '../../model/swarm/observed.ts';
import type { Platform } from '../../model/swarm/service-spec.ts';
import { fulfils } from './placement-constraint.ts';
import type { PlacementNeed } from './placement-need.ts';

/** One reason why a host may not be chosen. `explain` says what is missing, of hosts in the plural. */
interface PlacementFilter {
  check(need: PlacementNeed, node: ObservedNode, usage: NodeUsage | undefined): boolean;
  explain(need: PlacementNeed): string;
}

/** In the order in which a host is asked; the first that says no is the reason. */
function filtersFor(need: PlacementNeed): readonly PlacementFilter[] {
  return [
    {
      check: (_, { Status, Spec }) => Status.State === 'ready' && (Spec.Availability || 'active') === 'active',
      explain: () => 'not ready and active',
    },
    ...need.constraints.map((constraint) => ({
      check: (_: PlacementNeed, node: ObservedNode) => fulfils(node, constraint),
      explain: () => `without ${constraint}`,
    })),
    {
      check: ({ platforms }, node) => platforms.length === 0 || platforms.some((platform) => runs(node, platform)),
      explain: ({ platforms }) => `not of the platform ${platforms.map(platformText).join(' or ')}`,
    },
    {
      check: ({ nanoCpus }, { Description }, usage) =>
        nanoCpus === 0 || (Description?.Resources?.NanoCPUs ?? 0) - (usage?.nanoCpus ?? 0) >= nanoCpus,
      explain: ({ nanoCpus }) => `without ${nanoCpus / 1e9} CPUs that nobody has reserved`,
    },
    {
      check: ({ memoryBytes }, { Description }, usage) =>
        memoryBytes === 0 || (Description?.Resources?.MemoryBytes ?? 0) - (usage?.memoryBytes ?? 0) >= memoryBytes,
      explain: ({ memoryBytes }) =>
        `without ${Math.ceil(memoryBytes / 2 ** 20)} MiB of memory that nobody has reserved`,
    },
    ...[...need.generic].map(([kind, count]) => ({
      check: (_: PlacementNeed, node: ObservedNode, usage: NodeUsage | undefined) =>
        genericOf(node, kind) - (usage?.generic.get(kind) ?? 0) >= count,
      explain: () => `without ${count} of ${kind} that nobody has reserved`,
    })),
    ...need.ports.map(({ port, protocol }) => ({
      check: (_: PlacementNeed, __: ObservedNode, usage: NodeUsage | undefined) =>
        !(usage?.ports ?? []).some((taken) => taken.port === port && taken.protocol === protocol),
      explain: () => `where the port ${port}/${protocol} is taken`,
    })),
    {
      check: ({ mostPerHost, serviceId }, _, usage) =>
        mostPerHost === 0 || (usage?.tasks.get(serviceId ?? '') ?? 0) < mostPerHost,
      explain: ({ mostPerHost }) => `with ${mostPerHost} of it already`,
    },
  ];
}

export interface PlacementAnswer {
  /** The nodes that can run it. */
  readonly fitting: readonly ObservedNode[];
  /** Why the others cannot: a reason, and the host names. */
  readonly refused: readonly { readonly reason: string; readonly hosts: readonly string[] }[];
}

/** Which nodes can run something, and why the others cannot. */
export function place(
  need: PlacementNeed,
  nodes: readonly ObservedNode[],
  usage: ReadonlyMap<string, NodeUsage> = new Map(),
): PlacementAnswer {
  const filters = filtersFor(need);
  const fitting: ObservedNode[] = [];
  const refused = new Map<string, string[]>();
  for (const node of nodes) {
    const first = filters.find((filter) => !filter.check(need, node, usage.get(node.ID)));
    if (first === undefined) fitting.push(node);
    else {
      const reason = first.explain(need);
      refused.set(reason, [...(refused.get(reason) ?? []), hostName(node)]);
    }
  }
  return { fitting, refused: [...refused].map(([reason, hosts]) => ({ reason, hosts: hosts.sort() })) };
}

/** Why no host can run it, in one sentence: `no host can run it: 2 are without node.labels.disk==ssd (a, b); 1 is not ready and active (c)`. */
export function explainPlacement({ refused }: PlacementAnswer): string {
  if (refused.length === 0) return 'no host can run it: the Swarm has none';
  const parts = refused.map(({ reason, hosts }) => {
    const shown = hosts.length > 5 ? `${hosts.slice(0, 5).join(', ')}, …` : hosts.join(', ');
    return `${hosts.length} ${hosts.length === 1 ? 'is' : 'are'} ${reason} (${shown})`;
  });
  return `no host can run it: ${parts.join('; ')}`;
}

export function hostName({ Description, ID }: ObservedNode): string {
  return Description?.Hostname || ID;
}

function runs({ Description }: ObservedNode, { OS, Architecture }: Platform): boolean {
  const own = Description?.Platform ?? {};
  const same = (wanted: string | null | undefined, has: string | null | undefined): boolean =>
    !wanted || architecture(wanted) === architecture(has ?? '');
  return same(OS, own.OS) && same(Architecture, own.Architecture);
}

function architecture(word: string): string {
  const lower = word.toLowerCase();
  return lower === 'x86_64' ? 'amd64' : lower === 'aarch64' ? 'arm64' : lower;
}

function platformText({ OS, Architecture }: Platform): string {
  return [OS, Architecture].filter((part) => part).join('/');
}

function genericOf({ Description }: ObservedNode, kind: string): number {
  return (Description?.Resources?.GenericResources ?? []).reduce((sum, { DiscreteResourceSpec, NamedResourceSpec }) => {
    if (DiscreteResourceSpec?.Kind === kind) return sum + (DiscreteResourceSpec.Value ?? 0);
    return NamedResourceSpec?.Kind === kind ? sum + 1 : sum;
  }, 0);
}
