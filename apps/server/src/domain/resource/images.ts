import type { ImageView } from '@drover/contract';
import type { Host } from '../host/host.ts';
import { askHosts, findHost, type HostGroup } from '../host/host-group.ts';
import { Refusal } from '../refusal.ts';
import type { StackStore } from '../stack/stack-store.ts';

/** Tags that only keep an image for a revision, so that nothing else lets go of it. */
const keptTag = /^drover\/[^:]+:r\d+-/;

/** The images of the environment's hosts. */
export class Images {
  readonly #group: HostGroup;
  readonly #stacks: StackStore;

  constructor(group: HostGroup, stacks: StackStore) {
    this.#group = group;
    this.#stacks = stacks;
  }

  async list(signal?: AbortSignal): Promise<ImageView[]> {
    const lists = await askHosts(this.#group, async (host) => await imagesOf(host, signal));
    return lists.flatMap(({ answer }) => answer);
  }

  /** Removes an image, all its tags with it. Refuses one that a kept revision needs. */
  async remove(image: string, on: string | undefined, signal?: AbortSignal): Promise<{ removed: string }> {
    const host = await findHost(this.#group, `the image ${image}`, on, ({ engine }) =>
      engine.images.inspect(image, { signal }),
    );
    const { Id } = await host.engine.images.inspect(image, { signal });
    const keeper = (await this.#stacks.keptImages()).get(Id);
    if (keeper !== undefined)
      throw new Refusal('not-now', `removing ${image}: revision ${keeper.revision} of ${keeper.stack} needs it`);
    for (const { Id: id, Names } of await host.engine.containers.list({
      all: true,
      filters: { ancestor: [Id] },
      signal,
    }))
      throw new Refusal('not-now', `removing ${image}: the container ${Names[0]?.slice(1) ?? id.slice(0, 12)} uses it`);
    await removeWithTags(host, Id, signal);
    return { removed: Id };
  }
}

async function imagesOf(host: Host, signal: AbortSignal | undefined): Promise<ImageView[]> {
  const [images, containers] = await Promise.all([host.engine.images.list({ signal }), host.containers()]);
  const users = Map.groupBy(containers, ({ ImageID }) => ImageID as string);
  return images.map((image) => ({
    id: image.Id,
    tags: realTags(image.RepoTags),
    digests: (image.RepoDigests ?? []).filter((digest) => !digest.startsWith('<none>')),
    sizeBytes: image.Size,
    createdAt: new Date(image.Created * 1000).toISOString(),
    containers: users.get(image.Id)?.length ?? 0,
    ...(host.name === undefined ? {} : { host: host.name }),
  }));
}

/** Removes every tag of an image and so the image; never by force, so that one in use stays. */
export async function removeWithTags(host: Host, id: string, signal: AbortSignal | undefined): Promise<void> {
  const { RepoTags } = await host.engine.images.inspect(id, { signal });
  const tags = RepoTags ?? [];
  if (tags.length <= 1) await host.engine.images.remove(tags[0] ?? id, { signal });
  else for (const tag of tags) await host.engine.images.remove(tag, { signal });
}

/** Tags as people know them, without those that only keep an image for a revision. */
export function realTags(tags: readonly string[] | null): string[] {
  return (tags ?? []).filter((tag) => !tag.startsWith('<none>') && !keptTag.test(tag));
}
