import { EngineHttp } from '../../scenarios/stage/engine-http.ts';
import type { RecordedCall } from './recording.ts';

/** A call of a replay, and the calls (by index) that have to have ended before it begins. */
export interface ReplayStep {
  readonly call: RecordedCall;
  readonly after: readonly number[];
}

/**
 * Turns a recording into the least order that its calls need: reading before the first change, in the recorded order; then
 * each change after those that made what it names (the container to start, the network to join); then what was read after
 * the last change. Whatever else Drover did one after the other may happen at once here, so the replay is a true floor.
 */
export function planReplay(calls: readonly RecordedCall[]): ReplayStep[] {
  const changes = calls.flatMap((call, index) => (isRead(call) ? [] : [index]));
  const first = changes[0] ?? calls.length;
  const firstChangeAt = calls[first]?.startedAt ?? Number.POSITIVE_INFINITY;
  const lastChangeEnd = Math.max(0, ...changes.map((index) => calls[index]!.endedAt));
  const before = calls.flatMap((call, index) => (isRead(call) && call.endedAt <= firstChangeAt ? [index] : []));
  const made = calls.map(nameOfMade);
  return calls.map((call, index) => {
    const earlier = Array.from({ length: index }, (_, place) => place);
    if (before.includes(index))
      return { call, after: earlier.filter((each) => calls[each]!.endedAt <= call.startedAt) };
    if (isRead(call) && call.startedAt >= lastChangeEnd) {
      return {
        call,
        after: earlier.filter((each) => changes.includes(each) || calls[each]!.endedAt <= call.startedAt),
      };
    }
    const named = earlier.filter((each) => made[each]?.some((name) => mentions(call, name)));
    const subject = containerOf(call.path);
    const sameContainer = earlier.filter(
      (each) =>
        subject !== undefined && containerOf(calls[each]!.path) === subject && calls[each]!.endedAt <= call.startedAt,
    );
    return { call, after: [...new Set([...before, ...named, ...sameContainer])] };
  });
}

/** How many calls there may be at once: of all, and of those that make and start containers. */
export interface AtOnce {
  readonly calls: number;
  readonly laborious: number;
}

/** Plays the calls again, so many at once, with the ids that the engine gives out this time; milliseconds of it all. */
export async function replay(socketPath: string, steps: readonly ReplayStep[], atOnce: AtOnce): Promise<number> {
  const http = new EngineHttp(socketPath);
  const ids = new Map<string, string>();
  const started = performance.now();
  const ended = steps.map(() => false);
  const begun = steps.map(() => false);
  let running = 0;
  let labouring = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      const next = () => {
        if (ended.every(Boolean)) resolve();
        for (const [index, step] of steps.entries()) {
          if (running >= atOnce.calls) return;
          const labour = Number(isLaborious(step.call));
          if (begun[index] || labouring + labour > atOnce.laborious) continue;
          if (!step.after.every((each) => ended[each])) continue;
          begun[index] = true;
          running += 1;
          labouring += labour;
          play(http, step.call, ids).then(() => {
            running -= 1;
            labouring -= labour;
            ended[index] = true;
            next();
          }, reject);
        }
      };
      next();
    });
    return performance.now() - started;
  } finally {
    http.close();
  }
}

async function play(http: EngineHttp, call: RecordedCall, ids: Map<string, string>): Promise<void> {
  const path = withNewIds(call.path, ids);
  const isJson = call.contentType.includes('json');
  const body =
    call.body.length === 0 ? undefined : isJson ? Buffer.from(withNewIds(call.body.toString('utf8'), ids)) : call.body;
  const answer = await http.send(call.method, path, body, call.contentType);
  if (answer.status >= 400 && call.status < 400)
    throw new Error(`replaying ${call.method} ${path}: ${answer.status} ${answer.text}`);
  const old = idIn(call);
  const now = idIn({ ...call, answer: answer.text });
  if (old !== undefined && now !== undefined) ids.set(old, now);
}

function isRead(call: RecordedCall): boolean {
  return call.method === 'GET' || call.method === 'HEAD';
}

function isLaborious({ method, path }: RecordedCall): boolean {
  return method === 'POST' && /\/containers\/(?:create\b|[0-9a-f]{64}\/start\b)/.test(path);
}

function withNewIds(text: string, ids: ReadonlyMap<string, string>): string {
  return text.replace(/[0-9a-f]{64}/g, (id) => ids.get(id) ?? id);
}

/** The id that a call which makes something answered with. */
function idIn(call: RecordedCall): string | undefined {
  if (!/\/(containers|networks)\/create\b/.test(call.path)) return undefined;
  return /"Id":"([0-9a-f]{64})"/.exec(call.answer)?.[1];
}

/** What a call made, by id and by name. */
function nameOfMade(call: RecordedCall): readonly string[] | undefined {
  const id = idIn(call);
  const name = /\/(networks|volumes)\/create\b/.test(call.path)
    ? (JSON.parse(call.body.toString('utf8')) as { Name?: string }).Name
    : undefined;
  return id === undefined && name === undefined ? undefined : [id, name].filter((each) => each !== undefined);
}

function mentions(call: RecordedCall, name: string): boolean {
  return call.path.includes(name) || (call.contentType.includes('json') && call.body.includes(`"${name}"`));
}

function containerOf(path: string): string | undefined {
  return /\/containers\/([0-9a-f]{64})/.exec(path)?.[1];
}
