import { createHash } from 'node:crypto';
import { messageOf } from '@drover/base';
import type { ContainerSummary, DiskUsage, ImageSummary, NetworkSummary } from '@drover/engine';
import { composeLabel } from '@drover/orchestration';
import { nameOf } from '../host/container-view.ts';
import type { Host } from '../host/host.ts';
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

export interface PruneCandidate {
  readonly kind: 'container' | 'image' | 'network' | 'build-cache';
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly reason: string;
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

/** What takes up the disk of the host, and what of it can go. Volumes are never among that. */
export class Disk {
  readonly #host: Host;
  readonly #stacks: StackStore;

  constructor(host: Host, stacks: StackStore) {
    this.#host = host;
    this.#stacks = stacks;
  }

  async usage(signal?: AbortSignal) {
    const usage = await this.#host.engine.system.df({ signal });
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

  /** What a prune would remove now. */
  async preview(signal?: AbortSignal): Promise<PrunePreview> {
    const { engine } = this.#host;
    const [containers, images, networks, kept, stacks, { buildCache }] = await Promise.all([
      engine.containers.list({ all: true, size: true, signal }),
      engine.images.list({ signal }),
      engine.networks.list({ signal }),
      this.#stacks.keptImages(),
      this.#stacks.list(),
      engine.system.df({ types: ['build-cache'], signal }),
    ]);
    const goingContainers = containers.filter(isLeftOver);
    const staying = containers.filter((container) => !isLeftOver(container));
    const usedImages = new Set(staying.map(({ ImageID }) => ImageID as string));
    const users = countNetworkUsers(staying);
    const managed = new Set(stacks.map(({ name }) => name));
    const candidates = [
      ...goingContainers.map(containerCandidate),
      ...images.filter(({ Id }) => !usedImages.has(Id) && !kept.has(Id)).map(imageCandidate),
      ...networks.filter((network) => isLeftOverNetwork(network, users, managed)).map(networkCandidate),
      ...buildCacheCandidates(buildCache),
    ];
    const confirm = createHash('sha256')
      .update(JSON.stringify(candidates.map(({ kind, id }) => [kind, id]).sort()))
      .digest('hex');
    return { candidates, reclaimableBytes: sum(candidates, ({ sizeBytes }) => sizeBytes), confirm };
  }

  /** Removes what the preview named, when that is still what would go; never by force. */
  async prune(confirm: string, signal?: AbortSignal): Promise<PruneResult> {
    const preview = await this.preview(signal);
    if (preview.confirm !== confirm)
      throw new Refusal('not-now', 'pruning: what would be removed is not what was confirmed; look at it again');
    const removed: PruneCandidate[] = [];
    const kept: { id: string; reason: string }[] = [];
    for (const candidate of preview.candidates) {
      try {
        removed.push({ ...candidate, ...(await this.#remove(candidate, signal)) });
      } catch (error) {
        kept.push({ id: candidate.id, reason: messageOf(error) });
      }
    }
    return { removed, kept, reclaimedBytes: sum(removed, ({ sizeBytes }) => sizeBytes) };
  }

  /** Answers what turned out otherwise than the preview said. */
  async #remove(
    { kind, id }: PruneCandidate,
    signal: AbortSignal | undefined,
  ): Promise<Partial<PruneCandidate> | undefined> {
    const { engine } = this.#host;
    switch (kind) {
      case 'container':
        await engine.containers.remove(id, { force: false, volumes: false, signal });
        return undefined;
      case 'network':
        await engine.networks.remove(id, { signal });
        return undefined;
      case 'image':
        await removeWithTags(this.#host, id, signal);
        return undefined;
      case 'build-cache':
        return { sizeBytes: (await engine.images.pruneBuildCache({ all: true, signal })).spaceReclaimed };
      default:
        return kind satisfies never;
    }
  }
}

/** A stopped container that belongs to no application, or was made for a single run. */
function isLeftOver({ State, Labels }: ContainerSummary): boolean {
  if (!ended.has(State)) return false;
  return labelOf(Labels, composeLabel.project) === undefined || labelOf(Labels, composeLabel.oneOff) === 'True';
}

function isLeftOverNetwork(
  network: NetworkSummary,
  users: ReadonlyMap<string, number>,
  managed: ReadonlySet<string>,
): boolean {
  if (ownNetworks.has(network.Name) || network.Ingress || network.Scope !== 'local') return false;
  const stack = labelOf(network.Labels, composeLabel.project);
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
