import { Readable } from 'node:stream';
import type { EngineImages, PullOptions } from '../api/images.ts';
import type { CallOptions } from '../call-options.ts';
import { familiarReference } from '../image-reference.ts';
import type { BuildProgress, BuildRequest } from '../model/build.ts';
import type { ImageRemoval, RegistryAuth, TransferProgress } from '../model/image.ts';
import { isRunning } from './container.ts';
import { conflict, notFound, Refusal } from './failure.ts';
import { applyFilters, type FilterTests, labelsMatch } from './filters.ts';
import type { Gate } from './gate.ts';
import { type FakeImage, type FakeImageDefinition, inspectImage, summarizeImage } from './image.ts';
import type { FakeWorld } from './world.ts';

/** What can be pulled under a reference with these credentials. */
export function publishedImage(
  world: FakeWorld,
  reference: string,
  auth: RegistryAuth | undefined,
): FakeImageDefinition {
  const familiar = familiarReference(reference);
  const definition = world.registry.get(familiar) ?? publishedDigest(world, familiar);
  if (definition === undefined) {
    throw notFound(
      `pull access denied for ${familiar.replace(/[:@][^/]*$/, '')}, repository does not exist or may require 'docker login'`,
    );
  }
  const { credentials } = definition;
  if (
    credentials !== undefined &&
    (auth?.username !== credentials.username || auth.password !== credentials.password)
  ) {
    throw new Refusal('unauthorized', `unauthorized: authentication required for ${familiar}`);
  }
  return definition;
}

function publishedDigest(world: FakeWorld, familiar: string): FakeImageDefinition | undefined {
  const [name, digest] = familiar.split('@');
  const entries = [...world.registry].filter(([reference]) => reference.replace(/:[^/]*$/, '') === name);
  const found = entries.find(([reference, definition]) => world.imageId(reference, definition) === digest);
  // The content is what the id is of, and defaults to the reference that it was published under.
  return found === undefined ? undefined : { content: found[0], ...found[1] };
}

function pullImage(world: FakeWorld, reference: string, options: PullOptions | undefined): readonly TransferProgress[] {
  const familiar = familiarReference(reference);
  const definition = publishedImage(world, reference, options?.auth);
  const before = world.findImage(familiar);
  const image = world.addImage(familiar, definition);
  world.events.publish('image', 'pull', familiar, { name: familiar });
  const fresh = before !== image;
  return [
    { status: `Pulling from ${familiar}`, id: familiar.split(':').at(-1) ?? '' },
    ...(fresh ? [{ id: image.id.slice(7, 19), status: 'Pull complete', progressDetail: {} }] : []),
    { status: `Digest: ${image.id}` },
    {
      status: fresh ? `Status: Downloaded newer image for ${familiar}` : `Status: Image is up to date for ${familiar}`,
    },
  ];
}

function removeImage(world: FakeWorld, reference: string, force: boolean): readonly ImageRemoval[] {
  const image = world.image(reference);
  const familiar = familiarReference(reference);
  const users = [...world.containers.values()].filter((container) => container.image === image);
  const byTag = image.tags.has(familiar);
  const lastTag = image.tags.size <= 1;
  const running = users.find(isRunning);
  if ((byTag ? lastTag : true) && users.length > 0 && (running !== undefined || !force)) {
    const user = running ?? users[0];
    throw conflict(
      `conflict: unable to ${byTag ? `remove repository reference "${reference}"` : `delete ${image.id.slice(7, 19)}`} (${running ? 'cannot be forced' : 'must force'}) - container ${user?.id.slice(0, 12)} is using its referenced image ${image.id.slice(7, 19)}`,
    );
  }
  const untagged = byTag ? [familiar] : [...image.tags];
  for (const tag of untagged) {
    image.tags.delete(tag);
    world.events.publish('image', 'untag', image.id, { name: image.id });
  }
  const gone = image.tags.size === 0;
  if (gone) {
    world.images.delete(image.id);
    world.events.publish('image', 'delete', image.id, { name: image.id });
  }
  return [...untagged.map((Untagged) => ({ Untagged })), ...(gone ? [{ Deleted: image.id }] : [])];
}

function buildImage(world: FakeWorld, request: BuildRequest): FakeImage {
  const { tags, labels } = request;
  const first = tags[0] ?? 'built';
  const known = world.registry.get(`build:${familiarReference(first)}`);
  if (known === undefined && request.dockerfile === 'missing')
    throw notFound('failed to read dockerfile: open missing: no such file or directory');
  const content =
    known?.content ??
    JSON.stringify([request.context, request.dockerfile, request.dockerfileInline, request.args, request.target]);
  const image = world.addImage(first, {
    ...known,
    content,
    config: { ...known?.config, Cmd: known?.config?.Cmd ?? ['serve'], Labels: { ...known?.config?.Labels, ...labels } },
  });
  for (const tag of tags) world.tagImage(image, tag);
  return image;
}

export function createFakeImages(world: FakeWorld, gate: Gate): EngineImages {
  const tests: FilterTests<FakeImage> = {
    label: (image, wanted) => labelsMatch(image.definition.config?.Labels, wanted),
    dangling: (image, [wanted]) => (image.tags.size === 0) === (wanted === 'true' || wanted === '1'),
    reference: (image, wanted) =>
      wanted.some((text) =>
        [...image.tags].some((tag) => tag === familiarReference(text) || tag.split(':')[0] === text),
      ),
  };
  const stream = <T>(
    name: string,
    target: string,
    doing: string,
    options: CallOptions | undefined,
    effect: () => readonly T[] | Promise<readonly T[]>,
  ) =>
    (async function* () {
      yield* await gate.pass({ name: `images.${name}`, target }, doing, options, effect);
    })();
  return {
    list: (options) =>
      gate.pass({ name: 'images.list', target: '' }, 'listing images', options, () =>
        applyFilters([...world.images.values()], options?.filters, tests).map(summarizeImage),
      ),
    inspect: (image, options) =>
      gate.pass({ name: 'images.inspect', target: image }, `reading image ${image}`, options, () =>
        inspectImage(world.image(image)),
      ),
    pull: (reference, options) =>
      stream('pull', reference, `pulling ${reference}`, options, () => pullImage(world, reference, options)),
    push: (reference, options) =>
      stream('push', reference, `pushing ${reference}`, options, () => {
        const image = world.findImage(reference);
        if (image === undefined)
          throw new Refusal('server', `An image does not exist locally with the tag: ${reference}`);
        world.registry.set(familiarReference(reference), image.definition);
        return [
          { status: `The push refers to repository [${reference}]` },
          { status: `latest: digest: ${image.id} size: 527` },
        ];
      }),
    tag: (image, reference, options) =>
      gate.pass({ name: 'images.tag', target: image }, `tagging image ${image} as ${reference}`, options, () => {
        const found = world.image(image);
        world.tagImage(found, reference);
        world.events.publish('image', 'tag', found.id, { name: familiarReference(reference) });
      }),
    remove: (image, options) =>
      gate.pass({ name: 'images.remove', target: image }, `removing image ${image}`, options, () =>
        removeImage(world, image, options?.force === true),
      ),
    load: (archive, options) =>
      stream('load', '', 'loading images', options, async () => {
        const parts: Uint8Array[] = [];
        for await (const part of archive instanceof Uint8Array ? [archive] : archive) parts.push(part);
        const saved = JSON.parse(Buffer.concat(parts).toString()) as readonly {
          tags: readonly string[];
          definition: FakeImage['definition'];
        }[];
        return saved.flatMap(({ tags, definition }) =>
          tags.map((tag) => {
            world.addImage(tag, definition);
            return { stream: `Loaded image: ${tag}\n` };
          }),
        );
      }),
    save: (images, options) =>
      gate.pass({ name: 'images.save', target: images.join(' ') }, `saving ${images.join(', ')}`, options, () => {
        const saved = images.map((reference) => {
          const image = world.image(reference);
          return { tags: [...image.tags], definition: image.definition };
        });
        return Readable.from([Buffer.from(JSON.stringify(saved))]);
      }),
    build: (request, options) =>
      stream<BuildProgress>(
        'build',
        request.tags[0] ?? '',
        `building ${request.tags[0] ?? 'an image'}`,
        options,
        () => {
          const image = buildImage(world, request);
          return [
            { type: 'line', text: `building from ${request.context}` },
            { type: 'built', imageId: image.id },
          ];
        },
      ),
    prune: (options) =>
      gate.pass({ name: 'images.prune', target: '' }, 'removing unused images', options, () => {
        const all = options?.filters?.dangling?.includes('false') === true;
        const used = new Set([...world.containers.values()].map((container) => container.image));
        const unused = [...world.images.values()].filter((image) => !used.has(image) && (all || image.tags.size === 0));
        for (const image of unused) world.images.delete(image.id);
        return {
          removed: unused.map((image) => image.id),
          spaceReclaimed: unused.reduce((sum, image) => sum + (image.definition.size ?? 1_000_000), 0),
        };
      }),
    pruneBuildCache: (options) =>
      gate.pass({ name: 'images.pruneBuildCache', target: '' }, 'removing unused build results', options, () => ({
        removed: [],
        spaceReclaimed: 0,
      })),
    history: (image, options) =>
      gate.pass({ name: 'images.history', target: image }, `reading the history of image ${image}`, options, () => {
        const found = world.image(image);
        return [
          {
            Id: found.id,
            Created: Math.floor(found.created.getTime() / 1000),
            CreatedBy: 'fake',
            Tags: [...found.tags],
            Size: found.definition.size ?? 1_000_000,
            Comment: '',
          },
        ];
      }),
  };
}
