import type { ChangeEvent, ContainerView, LogLine } from '@drover/contract';
import { type Engine, isEngineError, type LogOptions, readOutputLines } from '@drover/engine';
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
 * again goes on where it ended; `changes` tells of them.
 */
export async function* stackLogs(
  containers: readonly ContainerView[],
  request: LogRequest,
  source: {
    readonly engineOf: (container: ContainerView) => Engine;
    readonly signal: AbortSignal;
    readonly changes: AsyncIterable<ChangeEvent>;
    readonly find: (id: string) => Promise<ContainerView | undefined>;
  },
): AsyncGenerator<LogLine> {
  const options = engineOptions(request);
  const lastTimes = new Map<string, string>();
  const of = (container: ContainerView): LogSource => ({
    engine: source.engineOf(container),
    signal: source.signal,
  });
  const past = containers.map((container) => readLines(container, { ...options, follow: false }, of(container)));
  for await (const { line } of mergeByTime(past, ({ line }) => line.at ?? '', source.signal)) {
    if (line.at !== undefined) lastTimes.set(line.container, line.at);
    yield shown(line, request);
  }
  if (!request.follow) return;

  const follow = async function* (container: ContainerView): AsyncGenerator<LogLine> {
    const last = lastTimes.get(container.name);
    const since = last === undefined ? options.since : justAfter(last);
    const { tail: _, ...rest } = options;
    for await (const { line } of readLines(
      container,
      { ...rest, follow: true, ...(since ? { since } : {}) },
      of(container),
    )) {
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
      if (change.type !== 'container' || change.action !== 'start' || following.has(change.container)) continue;
      const container = await source.find(change.container);
      if (container !== undefined && !following.has(container.id)) yield begin(container);
    }
  })();
  for await (const line of merge(containers.map(begin), later, source.signal)) yield shown(line, request);
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
