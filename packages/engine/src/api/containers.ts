import type { CallOptions, Filters } from '../call-options.ts';
import type {
  ContainerCreateBody,
  ContainerCreated,
  ContainerExit,
  ContainerInspect,
  ContainerSummary,
  PathStat,
  ProcessTable,
} from '../model/container.ts';
import type { Resources, RestartPolicy } from '../model/host-config.ts';
import type { ContainerStats } from '../model/stats.ts';
import type { AttachedStream, ByteSource, ByteStream, OutputChunk, TerminalSize } from '../model/stream.ts';
import type { PruneReport } from '../model/system.ts';

export interface ContainerListOptions extends CallOptions {
  /** Also those that do not run. */
  readonly all?: boolean;
  readonly filters?: Filters;
  /** Works out `SizeRw` and `SizeRootFs`, which takes the engine long. */
  readonly size?: boolean;
}

export interface ContainerCreateOptions extends CallOptions {
  readonly name?: string | undefined;
  /** `os[/architecture[/variant]]` of the image. */
  readonly platform?: string | undefined;
}

export interface LogOptions extends CallOptions {
  readonly follow?: boolean;
  /** The last lines, of both streams together before `stdout` or `stderr` leaves one out; absent is all. */
  readonly tail?: number;
  /** Each line starts with its RFC 3339 time and a space. */
  readonly timestamps?: boolean;
  /** Seconds since 1970, with a fraction where needed: `1700000000.000000001`. */
  readonly since?: string | number;
  readonly until?: string | number;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
  /** Whether the container has a terminal; asked of the engine (API 1.41 only) when absent. */
  readonly tty?: boolean;
}

export interface AttachOptions extends CallOptions {
  readonly stdin?: boolean;
  /** Default true. */
  readonly stdout?: boolean;
  readonly stderr?: boolean;
  /** Replays what was written before. */
  readonly logs?: boolean;
  readonly detachKeys?: string;
  /** Whether the container has a terminal; asked of the engine (API 1.41 only) when absent. */
  readonly tty?: boolean;
}

/** The containers of one engine. `container` is an id, a unique prefix of one, or a name. */
export interface EngineContainers {
  list(options?: ContainerListOptions): Promise<readonly ContainerSummary[]>;
  inspect(container: string, options?: CallOptions): Promise<ContainerInspect>;
  /** Fails `conflict` when the name is taken and `not-found` when the image is not there. */
  create(body: ContainerCreateBody, options?: ContainerCreateOptions): Promise<ContainerCreated>;
  /** Starts it; one that runs already is a success. */
  start(container: string, options?: CallOptions): Promise<void>;
  /** Sends the stop signal, and a kill after `timeout` seconds (the container's own when absent, -1 never). One that is stopped is a success. */
  stop(
    container: string,
    options?: CallOptions & { readonly timeout?: number | undefined; readonly signalName?: string | undefined },
  ): Promise<void>;
  /** Fails `conflict` when it does not run. */
  kill(container: string, options?: CallOptions & { readonly signalName?: string | undefined }): Promise<void>;
  restart(
    container: string,
    options?: CallOptions & { readonly timeout?: number | undefined; readonly signalName?: string | undefined },
  ): Promise<void>;
  pause(container: string, options?: CallOptions): Promise<void>;
  unpause(container: string, options?: CallOptions): Promise<void>;
  rename(container: string, name: string, options?: CallOptions): Promise<void>;
  /** Changes resources and restart policy in place. Answers the engine's warnings. */
  update(
    container: string,
    change: Resources & { readonly RestartPolicy?: RestartPolicy | undefined },
    options?: CallOptions,
  ): Promise<readonly string[]>;
  /** Fails `conflict` when it runs, unless forced. `volumes` also removes its anonymous volumes, never named ones. */
  remove(
    container: string,
    options?: CallOptions & { readonly force?: boolean; readonly volumes?: boolean },
  ): Promise<void>;
  /**
   * Settles when the container ends. `onRegistered` is called once the engine waits, so that a start after it cannot be missed.
   * `removed` also settles for one that vanishes while it waits.
   */
  wait(
    container: string,
    options?: CallOptions & {
      readonly condition?: 'not-running' | 'next-exit' | 'removed';
      readonly onRegistered?: () => void;
    },
  ): Promise<ContainerExit>;
  /** The output, oldest first. Ends by itself unless followed, and when a followed container ends. */
  logs(container: string, options?: LogOptions): AsyncIterable<OutputChunk>;
  /** Connects to the container's own streams. Resolves once the engine has taken over the connection. */
  attach(container: string, options?: AttachOptions): Promise<AttachedStream>;
  /** A sample every second until the caller stops; ends when the container is removed. */
  stats(container: string, options?: CallOptions): AsyncIterable<ContainerStats>;
  /** One sample, at once, without the one before (`precpu_stats` is zero). */
  statsOnce(container: string, options?: CallOptions): Promise<ContainerStats>;
  top(container: string, options?: CallOptions & { readonly psArgs?: string }): Promise<ProcessTable>;
  resize(container: string, size: TerminalSize, options?: CallOptions): Promise<void>;
  /** Unpacks a tar archive (gzip, bzip2, xz or none) into a folder that exists in the container. */
  putArchive(
    container: string,
    path: string,
    archive: ByteSource,
    options?: CallOptions & {
      /** Fails instead of replacing a folder by a file or the reverse. */
      readonly noOverwriteDirNonDir?: boolean;
      /** Keeps the owner of the archive's entries. */
      readonly copyUidGid?: boolean;
    },
  ): Promise<void>;
  /** A tar archive of a file or folder. The stream must be read to its end or destroyed. */
  getArchive(
    container: string,
    path: string,
    options?: CallOptions,
  ): Promise<{ readonly stat: PathStat; readonly archive: ByteStream }>;
  statArchive(container: string, path: string, options?: CallOptions): Promise<PathStat>;
  /** Removes stopped containers. */
  prune(options?: CallOptions & { readonly filters?: Filters }): Promise<PruneReport>;
}
