import { mapBounded } from '@drover/base';
import { type Engine, isEngineError } from '@drover/engine';
import type { ServiceImage } from '../model/desired.ts';
import { ImageError } from './image-error.ts';
import { inspectImage, serviceImage } from './inspect-image.ts';

const callsAtOnce = 8;

/** The repository under which the images of a stack's revisions are kept: `drover/shop`. */
function keptRepository(stack: string): string {
  // Legal stack names such as `a__-b` are no legal repositories; a dot tells the spelled-out ones from all others.
  const plain = /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/.test(stack);
  return `drover/${plain ? stack : `x.${Buffer.from(stack).toString('hex')}`}`;
}

/** `drover/shop:r3-web`. */
export function keptReference(stack: string, revision: number, service: string): string {
  return `${keptRepository(stack)}:r${revision}-${service}`.slice(0, keptRepository(stack).length + 1 + 128);
}

export interface KeepRequest {
  readonly engine: Engine;
  readonly stack: string;
  readonly revision: number;
  readonly signal?: AbortSignal | undefined;
}

/** Tags the images of a revision, so that they outlive their own tags until `dropImages`. One that several services run is tagged once. */
export async function keepImages(request: KeepRequest, images: ReadonlyMap<string, ServiceImage>): Promise<void> {
  const { engine, stack, revision, signal } = request;
  await mapBounded([...firstServices(images)], callsAtOnce, ([id, service]) =>
    engine.images.tag(id, keptReference(stack, revision, service), { signal }),
  );
}

/** For each image the service that it is tagged for: the first that runs it. */
function firstServices(images: ReadonlyMap<string, Pick<ServiceImage, 'id'>>): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const [service, { id }] of images) if (!first.has(id)) first.set(id, service);
  return first;
}

/** Removes the tags of a revision; images that nothing else names or runs go with them. */
export async function dropImages({ engine, stack, revision, signal }: KeepRequest): Promise<void> {
  const repository = keptRepository(stack);
  const images = await engine.images.list({ filters: { reference: [repository] }, signal });
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []);
  for (const tag of tags.filter((name) => name.startsWith(`${repository}:r${revision}-`))) {
    try {
      await engine.images.remove(tag, { signal });
    } catch (thrown) {
      // A container still runs it, or somebody was faster.
      if (!isEngineError(thrown, 'conflict') && !isEngineError(thrown, 'not-found')) throw thrown;
    }
  }
}

/** Finds the images of an older revision as they were, wherever their tags point now. Throws `ImageError` for those that are gone. */
export async function recallImages(
  request: KeepRequest,
  images: ReadonlyMap<string, Pick<ServiceImage, 'ref' | 'id'>>,
): Promise<ReadonlyMap<string, ServiceImage>> {
  const { engine, stack, revision, signal } = request;
  const tagged = firstServices(images);
  const named = new Map<string, ReturnType<typeof inspectImage>>();
  const inspectOnce = (ref: string): ReturnType<typeof inspectImage> => {
    const found = named.get(ref) ?? inspectImage(engine, ref, signal);
    named.set(ref, found);
    return found;
  };
  const recalled = await mapBounded([...images], callsAtOnce, async ([service, { ref, id }]) => {
    const now = await inspectOnce(ref);
    const runAs = now?.Id === id ? ref : keptReference(stack, revision, tagged.get(id) ?? service);
    const kept =
      now?.Id === id
        ? now
        : ((await inspectKept(engine, runAs, id, signal)) ?? (await inspectImage(engine, id, signal)));
    if (kept === undefined) {
      const message = `${service}: the image ${ref} of revision ${revision} (${id}) is no longer in the engine`;
      throw new ImageError([{ ref, services: [service], message }]);
    }
    const isNamed = now?.Id === id || (kept.RepoTags ?? []).includes(runAs);
    return [service, serviceImage(ref, kept, isNamed ? runAs : id)] as const;
  });
  return new Map(recalled);
}

async function inspectKept(engine: Engine, reference: string, id: string, signal: AbortSignal | undefined) {
  const kept = await inspectImage(engine, reference, signal);
  return kept?.Id === id ? kept : undefined;
}
