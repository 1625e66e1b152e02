import { createHash } from 'node:crypto';
import { messageOf } from '@drover/base';
import type { ContainerSummary, DiskUsage, ImageSummary, NetworkSummary } from '@drover/engine';
import { composeLabel, ownerOf } from '@drover/orchestration';
import { nameOf } from '../host/container-view.ts';
import type { Host } from '../host/host.ts';
import { askHosts, type HostGroup } from '../host/host-group.ts';
import { Refusal } from '../refusal.ts';
import type { StackStore } from '../stack/stack-store.ts';
import { realTags, removeWithTags } from './images.ts';
import { countNetworkUsers, labelOf, usersOf } from './networks.ts';

export interface UsageFigure {
  readonly count: number;
  readonly active: number;
  readonly sizeBytes: number;
  readonly reclaimableBytes: number;
}

export interface Usage {
  readonly images: UsageFigure;
  readonly containers: UsageFigure;
  readonly volumes: UsageFigure;
  readonly buildCache: UsageFigure;
}

export interface PruneCandidate {
  readonly kind: 'container' | 'image' | 'network' | 'build-cache';
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly reason: string;
  /** Where the environment has several hosts. */
  readonly host?: string;
}

export interface PrunePreview {
  readonly candidates: PruneCandidate[];
  readonly reclaimableBytes: number;
  /** Stands for exactly this list. */
  readonly confirm: string;
}

export interface PruneResult {
  readonly removed: PruneCandidate[];
  readonly kept: { id: string; reason: string }[];
  readonly reclaimedBytes: number;
}

const ended: ReadonlySet<string> = new Set(['created', 'exited', 'dead']);
const ownNetworks: ReadonlySet<string> = new Set(['bridge', 'host', 'none', 'ingress', 'docker_gwbridge']);

/** What takes up the disks of the environment's hosts, and what of it can go. Volumes are never among that. */
export class Disk {
  readonly #group: HostGroup;
  readonly #stacks: StackStore;

  constructor(group: HostGroup, stacks: StackStore) {
    this.#group = group;
    this.#stacks = stacks;
  }

  async usage(signal?: AbortSignal): Promise<Usage> {
    const usages = await askHosts(this.#group, async ({ engine }) => usageOf(await engine.system.df({ signal })));
    return usages.map(({ answer }) => answer).reduce(addUsage);
  }

  /** What a prune would remove now. */
  async preview(signal?: AbortSignal): Promise<PrunePreview> {
    const { candidates, confirm } = await this.#candidates(signal);
    const views = candidates.map(({ candidate }) => candidate);
    return { candidates: views, reclaimableBytes: sum(views, ({ sizeBytes }) => sizeBytes), confirm };
  }

  /** Removes what the preview named, when that is still what would go; never by force. */
  async prune(confirm: string, signal?: AbortSignal): Promise<PruneResult> {
    const now = await this.#candidates(signal);
    if (now.confirm !== confirm)
      throw new Refusal('not-now', 'pruning: what would be removed is not what was confirmed; look at it again');
    const removed: PruneCandidate[] = [];
    const kept: { id: string; reason: string }[] = [];
    for (const { host, candidate } of now.candidates) {
      try {
        removed.push({ ...candidate, ...(await removeCandidate(host, candidate, signal)) });
      } catch (error) {
        kept.push({ id: candidate.id, reason: messageOf(error) });
      }
    }
    return { removed, kept, reclaimedBytes: sum(removed, ({ sizeBytes }) => sizeBytes) };
  }

  async #candidates(signal: AbortSignal | undefined) {
    const [kept, stacks] = await Promise.all([this.#stacks.keptImages(), this.#stacks.list()]);
    const managed = new Set(stacks.map(({ name }) => name));
    const lists = await askHosts(this.#group, async (host) => await candidatesOf(host, { kept, managed }, signal));
    const candidates = lists.flatMap(({ host, answer }) => answer.map((candidate) => ({ host, candidate })));
    const names = candidates.map(({ host, candidate: { kind, id } }) => [host.name ?? '', kind, id]);
    const confirm = createHash('sha256').update(JSON.stringify(names.sort())).digest('hex');
    return { candidates, confirm };
  }
}

function usageOf(usage: DiskUsage): Usage {
  const used = new Set(usage.containers.map(({ ImageID }) => ImageID as string));
  const running = usage.containers.filter(({ State }) => State === 'running');
  return {
    images: {
      count: usage.images.length,
      active: usage.images.filter(({ Id }) => used.has(Id)).length,
      sizeBytes: usage.layersSize,
      reclaimableBytes: Math.min(
        usage.layersSize,
        sum(
          usage.images.filter(({ Id }) => !used.has(Id)),
          ownSize,
        ),
      ),
    },
    containers: {
      count: usage.containers.length,
      active: running.length,
      sizeBytes: sum(usage.containers, writtenBytes),
      reclaimableBytes: sum(
        usage.containers.filter(({ State }) => ended.has(State)),
        writtenBytes,
      ),
    },
    volumes: volumeFigure(usage),
    buildCache: {
      count: usage.buildCache.length,
      active: usage.buildCache.filter(({ InUse }) => InUse).length,
      sizeBytes: sum(usage.buildCache, ({ Size, Shared }) => (Shared ? 0 : Size)),
      reclaimableBytes: sum(usage.buildCache, ({ Size, Shared, InUse }) => (Shared || InUse ? 0 : Size)),
    },
  };
}

function addUsage(a: Usage, b: Usage): Usage {
  return {
    images: addFigure(a.images, b.images),
    containers: addFigure(a.containers, b.containers),
    volumes: addFigure(a.volumes, b.volumes),
    buildCache: addFigure(a.buildCache, b.buildCache),
  };
}

function addFigure(a: UsageFigure, b: UsageFigure): UsageFigure {
  return {
    count: a.count + b.count,
    active: a.active + b.active,
    sizeBytes: a.sizeBytes + b.sizeBytes,
    reclaimableBytes: a.reclaimableBytes + b.reclaimableBytes,
  };
}

async function candidatesOf(
  { engine, name }: Host,
  { kept, managed }: { readonly kept: ReadonlyMap<string, unknown>; readonly managed: ReadonlySet<string> },
  signal: AbortSignal | undefined,
): Promise<PruneCandidate[]> {
  const [containers, images, networks, { buildCache }] = await Promise.all([
    engine.containers.list({ all: true, size: true, signal }),
    engine.images.list({ signal }),
    engine.networks.list({ signal }),
    engine.system.df({ types: ['build-cache'], signal }),
  ]);
  const goingContainers = containers.filter(isLeftOver);
  const staying = containers.filter((container) => !isLeftOver(container));
  const usedImages = new Set(staying.map(({ ImageID }) => ImageID as string));
  const users = countNetworkUsers(staying);
  const candidates = [
    ...goingContainers.map(containerCandidate),
    ...images.filter(({ Id }) => !usedImages.has(Id) && !kept.has(Id)).map(imageCandidate),
    ...networks.filter((network) => isLeftOverNetwork(network, users, managed)).map(networkCandidate),
    ...buildCacheCandidates(buildCache),
  ];
  return name === undefined ? candidates : candidates.map((candidate) => ({ ...candidate, host: name }));
}

/** Answers what turned out otherwise than the preview said. */
async function removeCandidate(
  host: Host,
  { kind, id }: PruneCandidate,
  signal: AbortSignal | undefined,
): Promise<Partial<PruneCandidate> | undefined> {
  const { engine } = host;
  switch (kind) {
    case 'container':
      await engine.containers.remove(id, { force: false, volumes: false, signal });
      return undefined;
    case 'network':
      await engine.networks.remove(id, { signal });
      return undefined;
    case 'image':
      await removeWithTags(host, id, signal);
      return undefined;
    case 'build-cache':
      return { sizeBytes: (await engine.images.pruneBuildCache({ all: true, signal })).spaceReclaimed };
    default:
      return kind satisfies never;
  }
}

/** A stopped container that belongs to no application, or was made for a single run. Ended tasks are Swarm's to forget. */
function isLeftOver({ State, Labels }: ContainerSummary): boolean {
  if (!ended.has(State) || labelOf(Labels, 'com.docker.swarm.task.id') !== undefined) return false;
  return labelOf(Labels, composeLabel.project) === undefined || labelOf(Labels, composeLabel.oneOff) === 'True';
}

function isLeftOverNetwork(
  network: NetworkSummary,
  users: ReadonlyMap<string, number>,
  managed: ReadonlySet<string>,
): boolean {
  if (ownNetworks.has(network.Name) || network.Ingress || network.Scope !== 'local') return false;
  const stack = ownerOf(network.Labels);
  return usersOf(network, users) === 0 && (stack === undefined || !managed.has(stack));
}

function containerCandidate(container: ContainerSummary): PruneCandidate {
  return {
    kind: 'container',
    id: container.Id,
    name: nameOf(container),
    sizeBytes: writtenBytes(container),
    reason: `it does not run (${container.Status.toLowerCase() || container.State}) and belongs to no application`,
  };
}

function imageCandidate(image: ImageSummary): PruneCandidate {
  const tags = realTags(image.RepoTags);
  const wasKept = tags.length < (image.RepoTags?.length ?? 0) && image.RepoTags?.[0] !== '<none>:<none>';
  return {
    kind: 'image',
    id: image.Id,
    name: tags[0] ?? image.Id.replace('sha256:', '').slice(0, 12),
    sizeBytes: ownSize(image),
    reason:
      tags.length > 0
        ? 'no container uses it and no kept revision needs it'
        : wasKept
          ? 'the revision that kept it is gone'
          : 'it has no name and no container uses it',
  };
}

function networkCandidate({ Id, Name }: NetworkSummary): PruneCandidate {
  return { kind: 'network', id: Id, name: Name, sizeBytes: 0, reason: 'no container is attached to it' };
}

/** One for the whole cache: its records build on each other, and the engine removes them together. */
function buildCacheCandidates(records: DiskUsage['buildCache']): PruneCandidate[] {
  const unused = records.filter(({ InUse, Shared }) => !InUse && !Shared);
  if (unused.length === 0) return [];
  return [
    {
      kind: 'build-cache',
      id: 'build-cache',
      name: `${unused.length} build ${unused.length === 1 ? 'result' : 'results'}`,
      sizeBytes: sum(unused, ({ Size }) => Size),
      reason: 'no build uses it; the next builds take longer once',
    },
  ];
}

function volumeFigure({ volumes }: DiskUsage): UsageFigure {
  const size = ({ UsageData }: DiskUsage['volumes'][number]) => Math.max(0, UsageData?.Size ?? 0);
  const unused = volumes.filter(({ UsageData }) => (UsageData?.RefCount ?? 1) === 0);
  return {
    count: volumes.length,
    active: volumes.length - unused.length,
    sizeBytes: sum(volumes, size),
    reclaimableBytes: sum(unused, size),
  };
}

function writtenBytes({ SizeRw }: ContainerSummary): number {
  return SizeRw ?? 0;
}

function ownSize({ Size, SharedSize }: ImageSummary): number {
  return Math.max(0, Size - Math.max(0, SharedSize));
}

function sum<Item>(items: readonly Item[], size: (item: Item) => number): number {
  return items.reduce((total, item) => total + size(item), 0);
}
