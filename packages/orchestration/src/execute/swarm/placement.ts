import type { NodeInspect, ServiceInspect } from '@drover/engine';
import type { ExplainPlacement } from './swarm-run.ts';

const shortest = 'no suitable node';

/** Swarm's words about its filters (swarmkit `manager/scheduler/filter.go`), and what they mean. */
const meanings: readonly (readonly [pattern: RegExp, words: (count: string) => string])[] = [
  [/scheduling constraints not satisfied on (\d+) nodes?/, (count) => `${count} do not meet its placement constraints`],
  [/insufficient resources on (\d+) nodes?/, (count) => `${count} have too little CPU or memory left`],
  [/host-mode port already in use on (\d+) nodes?/, (count) => `on ${count} the host's port is taken`],
  [/unsupported platform on (\d+) nodes?/, (count) => `${count} have a platform that the image is not made for`],
  [/missing plugin on (\d+) nodes?/, (count) => `${count} lack a volume, network or log plug-in`],
  [
    /max replicas per node limit exceed(?:ed)?(?: on (\d+) nodes?)?/,
    (count) => `${count} have as many tasks of it as they may`,
  ],
  [/(\d+) nodes? not available for new tasks/, (count) => `${count} are drained, paused or down`],
  [/cannot fulfill requested CSI volume mounts on (\d+) nodes?/, (count) => `${count} cannot mount its volume`],
];

export interface UnplacedRequest {
  readonly service: ServiceInspect;
  readonly nodes: readonly NodeInspect[];
  /** The pending task's error. */
  readonly told: string;
  readonly explain: ExplainPlacement | undefined;
}

/** Why no host can take a task, in words. */
export async function unplacedWords({ service, nodes, told, explain }: UnplacedRequest): Promise<string> {
  const sentence = await explained({ service, nodes, told, explain });
  if (sentence !== undefined) return sentence;
  const inside = told.slice(told.indexOf(shortest) + shortest.length);
  const parts = inside.replace(/^\s*\(|\)\s*$/g, '').split(';');
  const known = parts.flatMap((part) => {
    for (const [pattern, words] of meanings) {
      const match = pattern.exec(part);
      if (match !== null) return [words(match[1] ?? 'some')];
    }
    return part.trim() === '' ? [] : [part.trim()];
  });
  return known.length === 0 ? 'no host fits' : `no host fits: of ${nodes.length}, ${known.join('; ')}`;
}

async function explained({ service, nodes, explain }: UnplacedRequest): Promise<string | undefined> {
  try {
    return await explain?.({ serviceId: service.ID, spec: service.Spec, nodes });
  } catch {
    // Swarm's own words are left.
    return undefined;
  }
}
