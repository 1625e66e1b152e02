import type { AttachOptions, EngineContainers, LogOptions } from '../api/containers.ts';
import { speaks } from '../api-version.ts';
import type { CallOptions } from '../call-options.ts';
import { EngineError } from '../engine-error.ts';
import type {
  ContainerCreated,
  ContainerExit,
  ContainerInspect,
  ContainerSummary,
  PathStat,
  ProcessTable,
} from '../model/container.ts';
import type { ContainerStats } from '../model/stats.ts';
import { decodeFrames, decodeRaw } from '../stream/frames.ts';
import { decodeJsonLines, parseJson } from '../stream/json-lines.ts';
import { attachedStream } from './attached.ts';
import type { EngineConnection } from './connection.ts';
import { type EngineCall, filterText, type Query, scopeOf, segment } from './engine-call.ts';
import { guarded } from './read-answer.ts';

export function createContainers(connection: EngineConnection): EngineContainers {
  const call = (
    method: EngineCall['method'],
    container: string,
    action: string,
    verb: string,
    options: CallOptions | undefined,
    query?: Query,
  ): EngineCall => {
    const doing = `${verb} container ${shortId(container)}`;
    const path = `/containers/${segment(container, doing)}${action}`;
    return { method, path, doing, options, ...(query === undefined ? {} : { query }) };
  };
  const hasTerminal = async (container: string, told: boolean | undefined, options: CallOptions | undefined) =>
    told ??
    (await connection.json<ContainerInspect>(call('GET', container, '/json', 'reading', options))).Config.Tty === true;

  return {
    list: (options) =>
      connection.json<readonly ContainerSummary[]>({
        method: 'GET',
        path: '/containers/json',
        query: { all: options?.all, size: options?.size, filters: filterText(options?.filters) },
        doing: 'listing containers',
        options,
      }),
    inspect: async (container, options) =>
      await connection.json<ContainerInspect>(call('GET', container, '/json', 'reading', options)),
    create: async (body, options) => {
      const created = await connection.json<{
        readonly Id: ContainerCreated['Id'];
        readonly Warnings: readonly string[] | null;
      }>({
        method: 'POST',
        path: '/containers/create',
        query: { name: options?.name, platform: options?.platform },
        json: body,
        doing: `creating container ${options?.name ?? `from ${body.Image ?? 'no image'}`}`,
        options,
      });
      return { Id: created.Id, Warnings: created.Warnings ?? [] };
    },
    start: async (container, options) => await connection.done(call('POST', container, '/start', 'starting', options)),
    stop: async (container, options) =>
      await connection.done(
        call('POST', container, '/stop', 'stopping', options, { t: options?.timeout, signal: options?.signalName }),
      ),
    kill: async (container, options) =>
      await connection.done(call('POST', container, '/kill', 'killing', options, { signal: options?.signalName })),
    restart: async (container, options) =>
      await connection.done(
        call('POST', container, '/restart', 'restarting', options, {
          t: options?.timeout,
          signal: options?.signalName,
        }),
      ),
    pause: async (container, options) => await connection.done(call('POST', container, '/pause', 'pausing', options)),
    unpause: async (container, options) =>
      await connection.done(call('POST', container, '/unpause', 'resuming', options)),
    rename: async (container, name, options) =>
      await connection.done(call('POST', container, '/rename', 'renaming', options, { name })),
    update: async (container, change, options) => {
      const answer = await connection.json<{ readonly Warnings?: readonly string[] | null }>({
        ...call('POST', container, '/update', 'changing', options),
        json: change,
      });
      return answer.Warnings ?? [];
    },
    remove: async (container, options) =>
      await connection.done(
        call('DELETE', container, '', 'removing', options, { force: options?.force, v: options?.volumes }),
      ),
    wait: async (container, options) => {
      const waiting = call('POST', container, '/wait', 'waiting for', options, { condition: options?.condition });
      const response = await connection.open(waiting);
      options?.onRegistered?.();
      for await (const answer of guarded(decodeJsonLines(response), scopeOf(waiting)))
        return exitOf(answer as WaitAnswer);
      throw new EngineError({
        code: 'connection-lost',
        doing: scopeOf(waiting).doing,
        reason: 'the engine stopped waiting',
      });
    },
    logs: (container, options) => readLogs(container, options),
    attach: async (container, options) => await attach(container, options ?? {}),
    stats: (container, options) =>
      connection.stream(
        call('GET', container, '/stats', 'sampling', options, { stream: true }),
        (body) => decodeJsonLines(body) as AsyncIterable<ContainerStats>,
      ),
    statsOnce: async (container, options) =>
      await connection.json<ContainerStats>(
        call('GET', container, '/stats', 'sampling', options, { stream: false, 'one-shot': true }),
      ),
    top: async (container, options) =>
      await connection.json<ProcessTable>(
        call('GET', container, '/top', 'listing the processes of', options, { ps_args: options?.psArgs }),
      ),
    resize: async (container, size, options) =>
      await connection.done(
        call('POST', container, '/resize', 'resizing the terminal of', options, { h: size.rows, w: size.columns }),
      ),
    putArchive: async (container, path, archive, options) =>
      await connection.done({
        ...call('PUT', container, '/archive', 'copying into', options, {
          path,
          noOverwriteDirNonDir: options?.noOverwriteDirNonDir,
          copyUIDGID: options?.copyUidGid,
        }),
        body: { type: 'application/x-tar', bytes: archive },
      }),
    getArchive: async (container, path, options) => {
      const reading = call('GET', container, '/archive', 'copying out of', options, { path });
      const archive = await connection.open(reading);
      return { stat: pathStat(archive.headers, reading), archive };
    },
    statArchive: async (container, path, options) => {
      const reading = call('HEAD', container, '/archive', 'looking into', options, { path });
      const response = await connection.open(reading);
      response.resume();
      return pathStat(response.headers, reading);
    },
    prune: async (options) => {
      const answer = await connection.json<{
        readonly ContainersDeleted: readonly string[] | null;
        readonly SpaceReclaimed: number;
      }>({
        method: 'POST',
        path: '/containers/prune',
        query: { filters: filterText(options?.filters) },
        doing: 'removing stopped containers',
        options,
      });
      return { removed: answer.ContainersDeleted ?? [], spaceReclaimed: answer.SpaceReclaimed };
    },
  };

  async function* readLogs(container: string, options: LogOptions | undefined) {
    const reading = call('GET', container, '/logs', 'reading the log of', options, {
      follow: options?.follow,
      stdout: options?.stdout ?? true,
      stderr: options?.stderr ?? true,
      timestamps: options?.timestamps,
      since: options?.since,
      until: options?.until,
      tail: options?.tail,
    });
    const tty = (await knowsTerminal()) ? null : await hasTerminal(container, options?.tty, options);
    const response = await connection.open(reading);
    const raw = tty ?? isRaw(response.headers['content-type']);
    yield* guarded(raw ? decodeRaw(response) : decodeFrames(response), scopeOf(reading));
  }

  async function attach(container: string, options: AttachOptions) {
    const attaching = call('POST', container, '/attach', 'attaching to', options, {
      stream: true,
      stdin: options.stdin ?? false,
      stdout: options.stdout ?? true,
      stderr: options.stderr ?? true,
      logs: options.logs,
      detachKeys: options.detachKeys,
    });
    const tty = (await knowsTerminal()) ? null : await hasTerminal(container, options.tty, options);
    const hijacked = await connection.hijack(attaching);
    return attachedStream(hijacked, tty ?? isRaw(hijacked.headers['content-type']), scopeOf(attaching));
  }

  /** Whether the content type of output tells a terminal from frames. */
  async function knowsTerminal(): Promise<boolean> {
    return speaks(await connection.apiVersion(), '1.42');
  }
}

interface WaitAnswer {
  readonly StatusCode: number;
  readonly Error?: { readonly Message?: string } | null;
}

function exitOf(answer: WaitAnswer): ContainerExit {
  return { StatusCode: answer.StatusCode, Error: answer.Error?.Message || null };
}

function isRaw(contentType: string | undefined): boolean {
  return contentType !== 'application/vnd.docker.multiplexed-stream';
}

function pathStat(headers: { readonly [name: string]: string | string[] | undefined }, call: EngineCall): PathStat {
  const encoded = headers['x-docker-container-path-stat'];
  if (typeof encoded !== 'string') {
    throw new EngineError({
      code: 'protocol',
      doing: scopeOf(call).doing,
      reason: 'the answer does not describe the path',
    });
  }
  return parseJson(Buffer.from(encoded, 'base64').toString('utf8')) as PathStat;
}

/** A full id shortened as people know it; a name as it is. */
export function shortId(container: string): string {
  return /^[0-9a-f]{64}$/.test(container) ? container.slice(0, 12) : container;
}
