import { mapBounded, messageOf } from '@drover/base';
import {
  type Engine,
  EngineError,
  type EngineErrorCode,
  familiarReference,
  isAway,
  parseImageReference,
  type RegistryAuth,
  type RemoteImage,
  registryOf,
} from '@drover/engine';
import { ImageError, type ImageProblem } from './image-error.ts';
import { inspectImage } from './inspect-image.ts';

/** A reference whose content is settled: every host that runs it runs the same. */
export interface PinnedImage {
  /** As the file says it. */
  readonly ref: string;
  /** `name:tag@sha256:…`, as `docker stack deploy` writes it. */
  readonly pinned: string;
  readonly digest: string;
  /** What the registry says it runs on; empty where only the engine was asked. */
  readonly platforms: readonly { readonly os: string; readonly architecture: string }[];
}

export interface PinnedImages {
  /** By reference. */
  readonly pinned: ReadonlyMap<string, PinnedImage>;
  /** References that are in the engine and that no registry knows: they have to be pushed or spread. */
  readonly unpublished: readonly string[];
}

export type PinEvent =
  | { readonly type: 'asking' | 'pulling'; readonly ref: string }
  | { readonly type: 'pinned'; readonly ref: string; readonly digest: string };

export interface PinDigestsRequest {
  /** A manager's engine. */
  readonly engine: Engine;
  /** References and the services that run them. */
  readonly images: ReadonlyMap<string, readonly string[]>;
  /** `always` asks the registry, `missing` takes what the engine has first, `never` asks nobody else. Default `always`. */
  readonly policyOf?: ((ref: string) => 'always' | 'missing' | 'never') | undefined;
  /** The account for a registry host. */
  readonly credentials?: ((registry: string) => Promise<RegistryAuth | undefined>) | undefined;
  /** References at once; default 8. */
  readonly parallel?: number | undefined;
  /** How long a registry may take to answer, in milliseconds; default 10 000. */
  readonly registryMs?: number | undefined;
  readonly onEvent?: ((event: PinEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds the digest of every reference: written in it, or told by its registry, or by the engine after a pull. Throws
 * `ImageError` with all those that cannot be had.
 *
 * The engine asks the registry itself and no mirror of it. Where that registry cannot be reached a pull may still succeed.
 */
export async function pinDigests(request: PinDigestsRequest): Promise<PinnedImages> {
  const pinned = new Map<string, PinnedImage>();
  const unpublished: string[] = [];
  const problems: ImageProblem[] = [];
  const away = new Map<string, string>();
  await mapBounded([...request.images], request.parallel ?? 8, async ([ref, services]) => {
    try {
      const found = await pin({ ...request, ref, away });
      if (found === undefined) unpublished.push(ref);
      else {
        pinned.set(ref, found);
        request.onEvent?.({ type: 'pinned', ref, digest: found.digest });
      }
    } catch (thrown) {
      if (request.signal?.aborted === true || isAway(thrown)) throw thrown;
      problems.push({ ref, services, message: `${services.join(', ')}: ${messageOf(thrown)}` });
    }
  });
  if (problems.length > 0) throw new ImageError(problems.sort((a, b) => (a.ref < b.ref ? -1 : 1)));
  return { pinned, unpublished: unpublished.sort() };
}

interface PinOneRequest extends PinDigestsRequest {
  readonly ref: string;
  /** Registries that did not answer, with the reason: they are asked once. */
  readonly away: Map<string, string>;
}

const unknown: ReadonlySet<EngineErrorCode> = new Set(['not-found', 'unauthorized', 'forbidden']);

/** undefined for an image that only the engine has. */
async function pin(request: PinOneRequest): Promise<PinnedImage | undefined> {
  const { ref } = request;
  const policy = request.policyOf?.(ref) ?? 'always';
  const { digest } = parseImageReference(ref);
  if (digest !== null) return pinnedImage(ref, digest);
  if (policy !== 'always') {
    const local = await inLocal(request);
    // What may never be pulled is never asked of a registry by a host either.
    if (local.isThere && policy === 'never') return undefined;
    if (local.isThere) return local.digest === undefined ? undefined : pinnedImage(ref, local.digest);
    if (policy === 'never') throw new Error(`the image ${ref} is not in the engine of the manager`);
  }
  const remote = await askRegistry(request);
  if ('image' in remote) return pinnedImage(ref, remote.image.Descriptor.digest, remote.image.Platforms ?? []);
  const pulled = await pull(request);
  if ('digest' in pulled) return pinnedImage(ref, pulled.digest);
  const local = await inLocal(request);
  if (!local.isThere) throw pulled.failure;
  // Some engines give what they built a digest of its own, so it proves nothing where the registry knows of no such image.
  const isUnknown = pulled.failure instanceof EngineError && unknown.has(pulled.failure.code);
  return isUnknown || local.digest === undefined ? undefined : pinnedImage(ref, local.digest);
}

function pinnedImage(ref: string, digest: string, platforms: PinnedImage['platforms'] = []): PinnedImage {
  const { name, tag } = parseImageReference(ref);
  const named = familiarReference(tag === null ? name : `${name}:${tag}`);
  // A reference with a digest and no tag stays as it is: `latest` may be something else.
  const isBare = tag === null && ref.includes('@');
  return {
    ref,
    pinned: isBare ? familiarReference(ref) : `${named}@${digest}`,
    digest,
    platforms: platforms.map(({ os, architecture }) => ({ os, architecture })),
  };
}

async function askRegistry(
  request: PinOneRequest,
): Promise<{ readonly image: RemoteImage } | { readonly why: string }> {
  const { engine, ref, away, credentials, registryMs = 10_000, onEvent, signal } = request;
  const registry = registryOf(ref);
  const known = away.get(registry);
  if (known !== undefined) return { why: known };
  onEvent?.({ type: 'asking', ref });
  const limit = AbortSignal.timeout(registryMs);
  const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  try {
    return {
      image: await engine.distribution.inspect(ref, { registryAuth: await credentials?.(registry), signal: both }),
    };
  } catch (thrown) {
    signal?.throwIfAborted();
    if (!(thrown instanceof EngineError) || (isAway(thrown) && !limit.aborted)) throw thrown;
    // Only what concerns the whole registry spares the next reference the question.
    if (limit.aborted || thrown.code === 'server' || thrown.code === 'unavailable') away.set(registry, thrown.reason);
    return { why: thrown.reason };
  }
}

async function pull(
  request: PinOneRequest,
): Promise<{ readonly digest: string } | { readonly failure: EngineError } | { readonly failure: Error }> {
  const { engine, ref, credentials, onEvent, signal } = request;
  onEvent?.({ type: 'pulling', ref });
  let digest: string | undefined;
  try {
    for await (const { status } of engine.images.pull(ref, { auth: await credentials?.(registryOf(ref)), signal }))
      digest = /^Digest: (sha256:[0-9a-f]{64})$/.exec(status ?? '')?.[1] ?? digest;
  } catch (thrown) {
    signal?.throwIfAborted();
    if (!(thrown instanceof EngineError) || isAway(thrown)) throw thrown;
    return { failure: thrown };
  }
  return digest === undefined ? { failure: new Error(`pulling ${ref}: the engine told no digest`) } : { digest };
}

/** What the engine has under the reference, and the digest under which a registry of that name knows it. */
async function inLocal({
  engine,
  ref,
  signal,
}: PinOneRequest): Promise<{ readonly isThere: boolean; readonly digest?: string }> {
  const inspected = await inspectImage(engine, ref, signal);
  if (inspected === undefined) return { isThere: false };
  const repository = familiarReference(parseImageReference(ref).name).replace(/:latest$/, '');
  const entry = inspected.RepoDigests?.find((each) => familiarReference(each).split('@', 1)[0] === repository);
  const digest = entry === undefined ? null : parseImageReference(entry).digest;
  return digest === null ? { isThere: true } : { isThere: true, digest };
}
