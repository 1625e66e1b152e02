import { type Engine, type ImageInspect, isEngineError } from '@drover/engine';
import type { ServiceImage } from '../model/desired.ts';

/** The image that a reference names in the engine now; undefined when there is none. */
export async function inspectImage(
  engine: Engine,
  ref: string,
  signal: AbortSignal | undefined,
): Promise<ImageInspect | undefined> {
  try {
    return await engine.images.inspect(ref, { manifests: true, signal });
  } catch (thrown) {
    if (isEngineError(thrown, 'not-found')) return undefined;
    throw thrown;
  }
}

/** The image as a revision keeps it. */
export function serviceImage(ref: string, inspected: ImageInspect, runAs: string = ref): ServiceImage {
  return { ref, id: inspected.Id, contentDigest: contentDigest(inspected), runAs, config: inspected.Config ?? {} };
}

/** Milliseconds since 1970 when the engine last took the tag in. */
export function takenAt({ Metadata }: ImageInspect): number | undefined {
  const time = Date.parse(Metadata?.LastTagTime ?? '');
  return Number.isNaN(time) || time <= 0 ? undefined : time;
}

/** Whether the image is for a platform, `os[/architecture[/variant]]`. */
export function isFor(platform: string, { Os, Architecture, Variant }: ImageInspect): boolean {
  const [os, architecture, variant] = platform.toLowerCase().split('/');
  return (
    os === Os &&
    (architecture === undefined || normalArchitecture(architecture) === normalArchitecture(Architecture)) &&
    (variant === undefined || !Variant || variant === Variant)
  );
}

/**
 * The digest that docker compose labels containers with: that of the manifest which runs, where the image store knows
 * manifests, and the id elsewhere. The attestations beside it change with every build and mean nothing.
 */
function contentDigest({ Id, Manifests, Architecture, Os }: ImageInspect): string {
  const available = (Manifests ?? []).filter(({ Kind, Available }) => Kind === 'image' && Available);
  const matching = available.find(
    ({ ImageData }) => ImageData?.Platform.os === Os && ImageData.Platform.architecture === Architecture,
  );
  return (matching ?? (available.length === 1 ? available[0] : undefined))?.ID ?? Id;
}

function normalArchitecture(name: string): string {
  return { x86_64: 'amd64', aarch64: 'arm64' }[name] ?? name;
}
