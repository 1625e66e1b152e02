import { mapBounded, messageOf } from '@drover/base';
import { type Engine, EngineError, type ImageInspect } from '@drover/engine';
import { ImageError, type ImageProblem } from './image-error.ts';
import { inspectImage } from './inspect-image.ts';

/** A host, by the name that people know. */
export interface ImageHost {
  readonly name: string;
  readonly engine: Engine;
}

export interface SpreadRequest {
  /** Where the images are. */
  readonly from: ImageHost;
  /** Where they shall be. */
  readonly to: readonly ImageHost[];
  /** References that name the images at `from`. */
  readonly images: readonly string[];
  /** Hosts at once; default 2, since each is sent the whole content. */
  readonly parallel?: number | undefined;
  readonly onEvent?: ((event: SpreadEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type SpreadEvent = {
  readonly type: 'sending' | 'sent';
  readonly host: string;
  readonly images: readonly string[];
};

/**
 * Loads images that no registry has into every host that lacks them. Answers by reference what all hosts can be asked to
 * run: the id where it is the same everywhere (nobody tries to pull that), else the reference itself. Throws `ImageError`.
 */
export async function spreadImages(request: SpreadRequest): Promise<ReadonlyMap<string, string>> {
  const { from, to, images, signal } = request;
  const wanted = new Map<string, ImageInspect>();
  await mapBounded(images, 8, async (ref) => {
    const inspected = await inspectImage(from.engine, ref, signal);
    if (inspected === undefined) {
      const message = `the image ${ref} is not in the engine of ${from.name}`;
      throw new ImageError([{ ref, services: [], message }]);
    }
    wanted.set(ref, inspected);
  });
  const others = to.filter(({ engine }) => engine !== from.engine);
  const loaded = await mapBounded(others, request.parallel ?? 2, (host) => bring(request, host, wanted));
  const problems = loaded.flatMap((result) => result.problems);
  if (problems.length > 0) throw new ImageError(problems);
  const isSame = (ref: string, id: string): boolean => loaded.every((result) => result.ids.get(ref) === id);
  return new Map([...wanted].map(([ref, { Id }]) => [ref, isSame(ref, Id) ? Id : ref]));
}

type Wanted = ReadonlyMap<string, ImageInspect>;

interface Brought {
  /** The host's own ids by reference. */
  readonly ids: ReadonlyMap<string, string>;
  readonly problems: readonly ImageProblem[];
}

async function bring(request: SpreadRequest, host: ImageHost, wanted: Wanted): Promise<Brought> {
  const { from, signal, onEvent } = request;
  try {
    const missing: string[] = [];
    for (const [ref, image] of wanted) {
      const standing = await inspectImage(host.engine, ref, signal);
      if (standing === undefined || !isSameImage(standing, image)) missing.push(ref);
    }
    if (missing.length > 0) {
      onEvent?.({ type: 'sending', host: host.name, images: missing });
      const archive = await from.engine.images.save(missing, { signal });
      try {
        for await (const _ of host.engine.images.load(archive, { quiet: true, signal }));
      } finally {
        archive.destroy();
      }
      onEvent?.({ type: 'sent', host: host.name, images: missing });
    }
    return await look(request, host, wanted);
  } catch (thrown) {
    if (signal?.aborted === true || !(thrown instanceof EngineError)) throw thrown;
    const refs = [...wanted.keys()].join(', ');
    const message = `bringing ${refs} to the host ${host.name}: ${messageOf(thrown)}`;
    return { ids: new Map(), problems: [{ ref: refs, services: [], message }] };
  }
}

/** An archive that was cut short loads without an error, so what stands is looked at. */
async function look({ signal }: SpreadRequest, { name, engine }: ImageHost, wanted: Wanted): Promise<Brought> {
  const ids = new Map<string, string>();
  const problems: ImageProblem[] = [];
  for (const ref of wanted.keys()) {
    const inspected = await inspectImage(engine, ref, signal);
    if (inspected === undefined)
      problems.push({ ref, services: [], message: `the image ${ref} did not arrive at the host ${name}` });
    else ids.set(ref, inspected.Id);
  }
  return { ids, problems };
}

/** Engines with different image stores give one image different ids; what it is made of is the same. */
function isSameImage(one: ImageInspect, other: ImageInspect): boolean {
  if (one.Id === other.Id) return true;
  const layers = ({ RootFS }: ImageInspect): string => (RootFS.Layers ?? []).join(' ');
  return one.Created === other.Created && layers(one) !== '' && layers(one) === layers(other);
}
