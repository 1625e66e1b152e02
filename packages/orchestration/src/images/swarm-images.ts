import { mapBounded, messageOf } from '@drover/base';
import type { Service } from '@drover/compose';
import { type ImageInspect, isAway, parseImageReference, registryOf } from '@drover/engine';
import type { ServiceImage } from '../model/desired.ts';
import { hookImages } from '../model/hook-image.ts';
import { builtImageName } from '../model/names.ts';
import type { SwarmImage } from '../model/swarm/desired.ts';
import { ImageError } from './image-error.ts';
import { inspectImage, serviceImage } from './inspect-image.ts';
import { type PinEvent, pinDigests } from './pin-digests.ts';
import { pushImage } from './push-image.ts';
import { type ResolveImagesRequest, resolveImages } from './resolve.ts';
import { type ImageHost, type SpreadEvent, spreadImages } from './spread.ts';

export interface SwarmImagesRequest extends ResolveImagesRequest {
  /** The host of `engine`, which is a manager's: what is built is built there. */
  readonly manager: string;
  /** All hosts that may run tasks and that can be reached; what no registry has is loaded into them. */
  readonly hosts: readonly ImageHost[];
  /** Services that run as containers on one host: their images are looked at whole, after a pull where they are missing. */
  readonly pinned?: ReadonlySet<string> | undefined;
  readonly onSwarmEvent?: ((event: PinEvent | SpreadEvent) => void) | undefined;
}

/**
 * Settles the image of every active service for a whole Swarm: by its digest, after building and pushing it where the file says
 * so; what no registry takes or has is loaded into every host. Throws `ImageError`.
 */
export async function resolveSwarmImages(request: SwarmImagesRequest): Promise<ReadonlyMap<string, SwarmImage>> {
  const wanted = wantedReferences(request);
  const built = await build(request, wanted);
  const { pushed, kept } = await publish(request, built);
  const asked = new Map([...wanted].filter(([ref]) => !built.has(ref)).map(([ref, { services }]) => [ref, services]));
  const { engine, signal, credentials, onSwarmEvent } = request;
  const policyOf = (ref: string) => policy(request, wanted.get(ref)?.service);
  const pins = await pinDigests({ engine, images: asked, policyOf, credentials, onEvent: onSwarmEvent, signal });
  const loaded = await spread(request, [...kept, ...pins.unpublished]);
  const images = new Map<string, SwarmImage>();
  await mapBounded([...wanted], 8, async ([ref, { services }]) => {
    const pin = pins.pinned.get(ref);
    const pinned = pin?.pinned ?? pushed.get(ref) ?? loaded.get(ref) ?? ref;
    const inspected = await inspectImage(engine, pinned, signal);
    const isPinned = services.some((name) => request.pinned?.has(name.split('.', 1)[0] ?? name) === true);
    const local = isPinned ? await localImage(request, { ref, pinned }, inspected) : undefined;
    const config = local?.config ?? inspected?.Config ?? undefined;
    const image: SwarmImage = {
      ref,
      pinned,
      ...(config === undefined ? {} : { config }),
      ...(local === undefined ? {} : { local }),
      ...(pin === undefined || pin.platforms.length === 0
        ? {}
        : { platforms: pin.platforms.map(({ os, architecture }) => ({ OS: os, Architecture: architecture })) }),
    };
    for (const name of services) images.set(name, image);
  });
  return images;
}

/** The image as a container is made from it. */
async function localImage(
  { engine, credentials, signal }: SwarmImagesRequest,
  { ref, pinned }: { readonly ref: string; readonly pinned: string },
  inspected: ImageInspect | undefined,
): Promise<ServiceImage> {
  if (inspected !== undefined) return serviceImage(ref, inspected, pinned);
  const auth = await credentials?.(registryOf(pinned));
  for await (const _ of engine.images.pull(pinned, { auth, signal }));
  const pulled = await inspectImage(engine, pinned, signal);
  if (pulled === undefined) {
    const message = `the image ${pinned} is not in the engine of the manager after its pull`;
    throw new ImageError([{ ref, services: [], message }]);
  }
  return serviceImage(ref, pulled, pinned);
}

interface Wanted {
  readonly services: readonly string[];
  readonly service: Service;
}

function wantedReferences({ project, services }: SwarmImagesRequest): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  const want = (ref: string, name: string, service: Service): void => {
    const known = wanted.get(ref);
    // The one that says how the image is made says also when.
    const leads = known === undefined || (known.service.build === undefined && service.build !== undefined);
    wanted.set(ref, { services: [...(known?.services ?? []), name], service: leads ? service : known.service });
  };
  for (const [name, service] of Object.entries(project.services)) {
    if (services !== undefined && !services.includes(name)) continue;
    if (service.image === undefined && service.build === undefined) continue;
    want(service.image ?? builtImageName(project.name, name), name, service);
    for (const [key, image] of hookImages(name, service)) {
      const { build: _, ...puller } = service;
      want(image, key, { ...puller, image });
    }
  }
  return wanted;
}

/** References of what is built on the manager, once it is there. */
async function build(request: SwarmImagesRequest, wanted: ReadonlyMap<string, Wanted>): Promise<ReadonlySet<string>> {
  const built = [...wanted].filter(([, { service }]) => service.build !== undefined && request.build !== 'never');
  const services = built.flatMap(([, each]) => each.services.filter((name) => name in request.project.services));
  if (services.length > 0) await resolveImages({ ...request, services });
  return new Set(built.map(([ref]) => ref));
}

interface Published {
  /** With their digests, by reference. */
  readonly pushed: ReadonlyMap<string, string>;
  readonly kept: readonly string[];
}

/** Pushes what is named after a registry. Any name without one would go to Docker Hub, where it is nobody's to take. */
async function publish(request: SwarmImagesRequest, built: ReadonlySet<string>): Promise<Published> {
  const { engine, credentials, signal } = request;
  const pushed = new Map<string, string>();
  const kept: string[] = [];
  for (const ref of built) {
    const registry = registryOf(ref);
    const auth = await credentials?.(registry);
    if (registry === 'docker.io' && auth === undefined) {
      kept.push(ref);
      continue;
    }
    try {
      const { name, tag } = parseImageReference(ref);
      const digest = await pushImage({ engine, ref, auth, signal });
      pushed.set(ref, `${name}:${tag ?? 'latest'}@${digest}`);
    } catch (thrown) {
      if (signal?.aborted === true || isAway(thrown)) throw thrown;
      throw new ImageError([{ ref, services: [], message: messageOf(thrown) }], { cause: thrown });
    }
  }
  return { pushed, kept };
}

async function spread(request: SwarmImagesRequest, images: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (images.length === 0) return new Map();
  const { engine, manager, hosts, signal, onSwarmEvent } = request;
  const from = { name: manager, engine };
  return await spreadImages({ from, to: hosts, images, signal, onEvent: onSwarmEvent });
}

/** What is built or pulled elsewhere is asked for each time, as `docker stack deploy` does, unless the file says otherwise. */
function policy({ policy: asked }: SwarmImagesRequest, service: Service | undefined): 'always' | 'missing' | 'never' {
  if (asked !== undefined) return asked;
  switch (service?.pull_policy) {
    case 'never':
      return 'never';
    case 'missing':
    case 'if_not_present':
      return 'missing';
    default:
      return 'always';
  }
}
