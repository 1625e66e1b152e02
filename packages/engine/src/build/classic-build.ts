import type { ImageId } from '@drover/base';
import type { CallOptions } from '../call-options.ts';
import type { EngineConnection } from '../client/connection.ts';
import type { Query } from '../client/engine-call.ts';
import { EngineError } from '../engine-error.ts';
import type { BuildProgress, BuildRequest } from '../model/build.ts';
import type { ImageInspect, TransferProgress } from '../model/image.ts';
import { encodeRegistryConfig } from '../registry-auth.ts';
import { decodeJsonLines } from '../stream/json-lines.ts';
import { packContext } from './context-archive.ts';
import { isRemoteContext } from './remote-context.ts';

interface BuildLine extends TransferProgress {
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

/** Fields that the classic builder has no word for. */
const buildxOnly = [
  'additionalContexts',
  'cacheTo',
  'secrets',
  'ssh',
  'privileged',
  'entitlements',
  'noCacheFilter',
  'provenance',
  'sbom',
] as const;

/** Builds through `POST /build` of the engine, from an archive of the context. */
export async function* buildClassic(
  connection: EngineConnection,
  request: BuildRequest,
  options: CallOptions,
): AsyncGenerator<BuildProgress, void, undefined> {
  const doing = options.doing ?? `building ${request.tags[0] ?? 'an image'}`;
  refuseUnsupported(request, doing);
  const remote = isRemoteContext(request.context);
  const packed = remote ? null : await packContext(request);
  const lines = connection.stream(
    {
      method: 'POST',
      path: '/build',
      query: {
        ...queryOf(request),
        dockerfile: packed?.dockerfile ?? request.dockerfile,
        remote: remote ? request.context : undefined,
      },
      headers:
        request.registryAuth === undefined ? {} : { 'X-Registry-Config': encodeRegistryConfig(request.registryAuth) },
      ...(packed === null ? {} : { body: { type: 'application/x-tar', bytes: packed.archive } }),
      doing,
      options,
    },
    decodeJsonLines,
  );
  let imageId: string | null = null;
  for await (const read of lines) {
    const line = read as BuildLine;
    const message = line.errorDetail?.message ?? line.error;
    if (message !== undefined) throw new EngineError({ code: 'build-failed', doing, reason: message.trim() });
    imageId = idIn(line.aux) ?? imageId;
    yield* textLines(line);
  }
  yield { type: 'built', imageId: await builtId(connection, imageId, request, { ...options, doing }) };
}

function refuseUnsupported(request: BuildRequest, doing: string): void {
  for (const field of buildxOnly) {
    const value = request[field];
    const isAsked = Array.isArray(value)
      ? value.length > 0
      : typeof value === 'object'
        ? Object.keys(value).length > 0
        : value === true || (typeof value === 'string' && value !== '' && value !== 'false');
    if (!isAsked) continue;
    const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    throw new EngineError({
      code: 'unsupported',
      doing,
      reason: `${name} needs docker buildx, which is not installed beside Drover`,
    });
  }
}

function queryOf(request: BuildRequest): Query {
  const args = Object.entries(request.args ?? {}).filter(([, value]) => value !== null);
  const ulimits = Object.entries(request.ulimits ?? {}).map(([Name, { soft, hard }]) => ({
    Name,
    Soft: soft,
    Hard: hard,
  }));
  return {
    version: 1,
    t: request.tags,
    buildargs: args.length === 0 ? undefined : JSON.stringify(Object.fromEntries(args)),
    labels: request.labels === undefined ? undefined : JSON.stringify(request.labels),
    target: request.target,
    cachefrom: request.cacheFrom === undefined ? undefined : JSON.stringify(request.cacheFrom),
    networkmode: request.network,
    extrahosts: request.extraHosts,
    shmsize: request.shmSize,
    platform: request.platform,
    nocache: request.noCache,
    pull: request.pull,
    ulimits: ulimits.length === 0 ? undefined : JSON.stringify(ulimits),
    rm: true,
    forcerm: true,
  };
}

function idIn(aux: unknown): string | null {
  return typeof aux === 'object' && aux !== null && 'ID' in aux && typeof aux.ID === 'string' ? aux.ID : null;
}

function* textLines(line: BuildLine): Generator<BuildProgress, void, undefined> {
  const text =
    line.stream ??
    (line.status === undefined ? '' : line.id === undefined ? line.status : `${line.id}: ${line.status}`);
  for (const part of text.split('\n')) if (part.trim() !== '') yield { type: 'line', text: part.trimEnd() };
}

async function builtId(
  connection: EngineConnection,
  id: string | null,
  request: BuildRequest,
  options: CallOptions & { readonly doing: string },
): Promise<ImageId> {
  if (id?.startsWith('sha256:')) return id as ImageId;
  const [tag] = request.tags;
  if (tag === undefined)
    throw new EngineError({
      code: 'protocol',
      doing: options.doing,
      reason: 'the engine did not tell the id of the image',
    });
  return (
    await connection.json<ImageInspect>({
      method: 'GET',
      path: `/images/${encodeURI(tag)}/json`,
      doing: options.doing,
      options,
    })
  ).Id;
}
