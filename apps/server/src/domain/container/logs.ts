import type { ChangeEvent, ContainerView, LogLine } from '@drover/contract';
import { type Engine, isAway, isEngineError, type LogOptions, readOutputLines } from '@drover/engine';
import { justAfter, parseMoment } from './log-time.ts';
import { merge, mergeByTime } from './merge.ts';

export interface LogRequest {
  readonly follow: boolean;
  readonly tail?: number | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly timestamps: boolean;
}

export interface LogSource {
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

/** The lines of one container, oldest first; followed, until it ends or the signal fires. */
export async function* containerLogs(
  container: ContainerView,
  request: LogRequest,
  source: LogSource,
): AsyncGenerator<LogLine> {
  for await (const { line } of readLines(container, engineOptions(request), source)) yield shown(line, request);
}

/**
 * The lines of several containers in the order of their times. Followed, containers that start later join, and one that starts
 * again, or whose host comes back, goes on where it ended; `changes` tells of them. Of a host that cannot be reached there is a notice
 * instead; where none can, what the first said is thrown.
 */
export async function* stackLogs(
  containers: readonly ContainerView[],
  request: LogRequest,
  source: {
    readonly engineOf: (container: ContainerView) => Engine;
    readonly signal: AbortSignal;
    readonly changes: AsyncIterable<ChangeEvent>;
    /** The containers as they are now. */
    readonly list: () => Promise<readonly ContainerView[]>;
  },
): AsyncGenerator<LogLine> {
  const options = engineOptions(request);
  const lastTimes = new Map<string, string>();
  const away = new Set<string>();
  let unread = 0;
  let firstFailure: unknown;
  const read = async function* (container: ContainerView, how: Omit<LogOptions, 'signal'>): AsyncGenerator<LogLine> {
    const host = container.host ?? '';
    try {
      const from = { engine: source.engineOf(container), signal: source.signal };
      for await (const { line } of readLines(container, how, from)) {
        away.delete(host);
        yield line;
      }
    } catch (error) {
      if (!isAway(error)) throw error;
      unread += 1;
      firstFailure ??= error;
      if (away.has(host)) return;
      away.add(host);
      yield missing(container, error.reason);
    }
  };
  const past = containers.map((container) => read(container, { ...options, follow: false }));
  for await (const line of mergeByTime(past, ({ at }) => at ?? '', source.signal)) {
    if (line.at !== undefined) lastTimes.set(line.container, line.at);
    yield shown(line, request);
  }
  if (unread > 0 && unread === containers.length) throw firstFailure;
  if (!request.follow) return;

  const follow = async function* (container: ContainerView): AsyncGenerator<LogLine> {
    const last = lastTimes.get(container.name);
    const since = last === undefined ? options.since : justAfter(last);
    const { tail: _, ...rest } = options;
    for await (const line of read(container, { ...rest, follow: true, ...(since ? { since } : {}) })) {
      if (line.at !== undefined && last !== undefined && line.at <= last) continue;
      if (line.at !== undefined) lastTimes.set(line.container, line.at);
      yield line;
    }
  };
  const following = new Set<string>();
  const begin = (container: ContainerView) => {
    following.add(container.id);
    return (async function* () {
      yield* follow(container);
      following.delete(container.id);
    })();
  };
  const later = (async function* () {
    for await (const change of source.changes) {
      const isStart = change.type === 'container' && change.action === 'start';
      if (!isStart && change.type !== 'resync') continue;
      for (const container of await source.list())
        if (
          (isStart ? container.id === change.container : container.state === 'running') &&
          !following.has(container.id)
        )
          yield begin(container);
    }
  })();
  for await (const line of merge(containers.map(begin), later, source.signal)) yield shown(line, request);
}

/** In the place of what the containers of a host write. */
function missing({ host = 'the engine' }: ContainerView, reason: string): LogLine {
  return { container: '', stream: 'notice', text: `lines of ${host} are missing: ${reason}` };
}

async function* readLines(
  container: ContainerView,
  options: Omit<LogOptions, 'signal'>,
  { engine, signal }: LogSource,
): AsyncGenerator<{ line: LogLine }> {
  try {
    const output = engine.containers.logs(container.id, { ...options, signal });
    for await (const { stream, text, time } of readOutputLines(output, { timestamps: true })) {
      yield {
        line: {
          container: container.name,
          ...(container.service === undefined ? {} : { service: container.service }),
          stream: stream === 'stderr' ? 'stderr' : 'stdout',
          ...(time === null ? {} : { at: time }),
          text,
        },
      };
    }
  } catch (error) {
    // A container that is removed while its lines are read has no more of them.
    if (!signal.aborted && !isEngineError(error, 'not-found')) throw error;
  }
}

function engineOptions(request: LogRequest): Omit<LogOptions, 'signal'> {
  const now = new Date();
  return {
    follow: request.follow,
    timestamps: true,
    stdout: true,
    stderr: true,
    ...(request.tail === undefined ? {} : { tail: request.tail }),
    ...(request.since === undefined ? {} : { since: parseMoment(request.since, now) }),
    ...(request.until === undefined ? {} : { until: parseMoment(request.until, now) }),
  };
}

function shown(line: LogLine, { timestamps }: LogRequest): LogLine {
  if (timestamps) return line;
  const { at: _, ...rest } = line;
  return rest;
}
