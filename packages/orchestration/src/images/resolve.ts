import { mapBounded, messageOf } from '@drover/base';
import type { Origin, Path, Project, Service } from '@drover/compose';
import {
  type Engine,
  EngineError,
  type ImageInspect,
  isAway,
  type RegistryAuth,
  registryOf,
  type TransferProgress,
} from '@drover/engine';
import type { DesiredContents, ServiceImage } from '../model/desired.ts';
import { hookImages } from '../model/hook-image.ts';
import { builtImageName } from '../model/names.ts';
import { buildDependencies, buildRequest } from './build-request.ts';
import { ImageError, type ImageProblem } from './image-error.ts';
import { inspectImage, isFor, serviceImage, takenAt } from './inspect-image.ts';
import { type ImageNeed, imageNeed } from './pull-policy.ts';

export type ImageEvent =
  | { readonly type: 'pulling' | 'building' | 'resolved'; readonly ref: string; readonly services: readonly string[] }
  | {
      readonly type: 'progress';
      readonly ref: string;
      readonly text: string;
      /** Bytes of all layers so far, where they are known. */
      readonly current?: number;
      readonly total?: number;
    };

export interface ResolveImagesRequest {
  readonly engine: Engine;
  readonly project: Project;
  /** Instead of what each service says: `always` pulls, `never` takes what is there. Default: each service's own. */
  readonly policy?: 'always' | 'missing' | 'never' | undefined;
  /** `always` builds every service that has a build, `never` none. Default: where the image is missing or `pull_policy: build`. */
  readonly build?: 'always' | 'missing' | 'never' | undefined;
  /** Only these services. */
  readonly services?: readonly string[] | undefined;
  /** The account for a registry host (`docker.io`, `registry.example.com:5000`). */
  readonly credentials?: ((registry: string) => Promise<RegistryAuth | undefined>) | undefined;
  /** Accounts for the base images of builds, by registry. */
  readonly buildCredentials?: { readonly [registry: string]: RegistryAuth } | undefined;
  /** Secrets of builds. */
  readonly contents?: Pick<DesiredContents, 'secrets'> | undefined;
  readonly defaultPlatform?: string | undefined;
  /** Milliseconds since 1970, for `pull_policy: daily` and its likes. */
  readonly now: number;
  /** Pulls at once; default 4. Builds go one at a time. */
  readonly parallel?: number | undefined;
  readonly onEvent?: ((event: ImageEvent) => void) | undefined;
  readonly provenance?: ((path: Path) => Origin | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Settles the image of every active service: pulls and builds what its policy asks for. Throws `ImageError`. */
export async function resolveImages(request: ResolveImagesRequest): Promise<ReadonlyMap<string, ServiceImage>> {
  const wanted = wantedImages(request);
  const needs = await mapBounded([...wanted.values()], 16, async (image) => {
    const standing = await inspectImage(request.engine, image.ref, request.signal);
    return { ...image, standing, need: needOf(request, image, standing) };
  });
  const problems: ImageProblem[] = needs
    .filter(({ need }) => need === 'missing')
    .map((image) =>
      problem(request, image, `the image ${image.ref} is not in the engine, and nothing says where it comes from`),
    );
  if (problems.length > 0) throw new ImageError(problems);

  const pulls = needs.filter(({ need }) => need === 'pull');
  await mapBounded(pulls, request.parallel ?? 4, (image) => guarded(request, image, () => pull(request, image)));
  const builds = needs.filter(({ need }) => need === 'build');
  for (const image of inBuildOrder(builds)) {
    await guarded(request, image, () => build(request, image));
  }
  // A build may have moved the tag of an image that needed nothing.
  const isUntouched = pulls.length === 0 && builds.length === 0;
  const resolved = new Map<string, ServiceImage>();
  await mapBounded(needs, 16, async (image) => {
    const inspected = isUntouched ? image.standing : await inspectImage(request.engine, image.ref, request.signal);
    if (inspected === undefined)
      throw new ImageError([problem(request, image, `the image ${image.ref} is not in the engine`)]);
    for (const name of image.services) resolved.set(name, serviceImage(image.ref, inspected));
    request.onEvent?.({ type: 'resolved', ref: image.ref, services: image.services });
  });
  return resolved;
}

interface WantedImage {
  readonly ref: string;
  /** The service whose policy counts; one with a build goes before others. */
  readonly service: Service;
  readonly serviceName: string;
  readonly services: readonly string[];
}

function wantedImages({ project, services }: ResolveImagesRequest): Map<string, WantedImage> {
  const wanted = new Map<string, WantedImage>();
  for (const [serviceName, service] of Object.entries(project.services)) {
    if (services !== undefined && !services.includes(serviceName)) continue;
    if (service.image === undefined && service.build === undefined) continue;
    const ref = service.image ?? builtImageName(project.name, serviceName);
    want(wanted, { ref, service, serviceName, services: [serviceName] });
    for (const [key, image] of hookImages(serviceName, service)) {
      const { build: _build, ...puller } = service;
      want(wanted, { ref: image, service: { ...puller, image }, serviceName, services: [key] });
    }
  }
  return wanted;
}

function want(wanted: Map<string, WantedImage>, image: WantedImage): void {
  const known = wanted.get(image.ref);
  if (known === undefined) {
    wanted.set(image.ref, image);
    return;
  }
  const leads = known.service.build === undefined && image.service.build !== undefined;
  const { service, serviceName } = leads ? image : known;
  wanted.set(image.ref, { ...known, service, serviceName, services: [...known.services, ...image.services] });
}

function needOf(
  request: ResolveImagesRequest,
  { service }: WantedImage,
  inspected: ImageInspect | undefined,
): ImageNeed {
  const platform = service.platform ?? request.defaultPlatform;
  const present = inspected !== undefined && (platform === undefined || platform === '' || isFor(platform, inspected));
  const state = { present, takenAt: inspected === undefined ? undefined : takenAt(inspected) };
  return imageNeed(service, state, { pull: request.policy, build: request.build, now: request.now });
}

async function pull(request: ResolveImagesRequest, { ref, service, services }: WantedImage): Promise<void> {
  const { engine, onEvent, signal } = request;
  onEvent?.({ type: 'pulling', ref, services });
  const auth = await request.credentials?.(registryOf(ref));
  const platform = service.platform ?? request.defaultPlatform;
  const layers = new LayerProgress();
  for await (const progress of engine.images.pull(ref, { auth, platform: platform || undefined, signal })) {
    const text = layers.add(progress);
    if (text !== undefined) onEvent?.({ type: 'progress', ref, text, ...layers.bytes });
  }
}

async function build(
  request: ResolveImagesRequest,
  { ref, service, serviceName, services }: WantedImage,
): Promise<void> {
  const { engine, project, onEvent, signal } = request;
  if (service.build === undefined) return;
  onEvent?.({ type: 'building', ref, services });
  const body = buildRequest({
    project,
    serviceName,
    service,
    build: service.build,
    contents: request.contents ?? { secrets: new Map() },
    ...(request.buildCredentials === undefined ? {} : { registryAuth: request.buildCredentials }),
    defaultPlatform: request.defaultPlatform,
  });
  for await (const progress of engine.images.build(body, { signal })) {
    if (progress.type === 'line') onEvent?.({ type: 'progress', ref, text: progress.text });
  }
}

/** Says which image, which service and which line it was. */
async function guarded(request: ResolveImagesRequest, image: WantedImage, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (request.signal?.aborted === true || !(thrown instanceof EngineError) || isAway(thrown)) throw thrown;
    throw new ImageError([problem(request, image, messageOf(thrown))], { cause: thrown });
  }
}

function problem(
  { provenance }: ResolveImagesRequest,
  { ref, services, service, serviceName }: WantedImage,
  message: string,
): ImageProblem {
  const origin = provenance?.(['services', serviceName, service.image === undefined ? 'build' : 'image']);
  return { ref, services, message: `${services.join(', ')}: ${message}`, ...(origin === undefined ? {} : { origin }) };
}

/** What other builds start from goes first. */
function inBuildOrder<Image extends WantedImage>(images: readonly Image[]): Image[] {
  const ordered = new Set<Image>();
  const visit = (image: Image, trail: ReadonlySet<Image>): void => {
    if (ordered.has(image) || trail.has(image)) return;
    for (const name of image.service.build === undefined ? [] : buildDependencies(image.service.build)) {
      const other = images.find(({ services }) => services.includes(name));
      if (other !== undefined) visit(other, new Set([...trail, image]));
    }
    ordered.add(image);
  };
  for (const image of images) visit(image, new Set());
  return [...ordered];
}

/** Adds up what the layers of one pull have come to. */
class LayerProgress {
  readonly #layers = new Map<string, { readonly current: number; readonly total: number }>();

  get bytes(): { readonly current?: number; readonly total?: number } {
    if (this.#layers.size === 0) return {};
    let current = 0;
    let total = 0;
    for (const layer of this.#layers.values()) {
      current += layer.current;
      total += layer.total;
    }
    return { current, total };
  }

  /** A text for people; undefined for what only repeats. */
  add({ id, status, progressDetail }: TransferProgress): string | undefined {
    const { current, total } = progressDetail ?? {};
    if (id !== undefined && current !== undefined && total !== undefined && status === 'Downloading') {
      this.#layers.set(id, { current, total });
    }
    if (status === undefined) return undefined;
    return id === undefined ? status : `${id}: ${status}`;
  }
}
