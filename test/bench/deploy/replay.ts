import { EngineHttp } from '../../scenarios/stage/engine-http.ts';
import type { RecordedCall } from './recording.ts';

/** A call of a replay, and the calls (by index) that have to have ended before it begins. */
export interface ReplayStep {
  readonly call: RecordedCall;
  readonly after: readonly number[];
  /** The container, by its id in the recording, that has to be healthy before. */
  readonly healthy?: string | undefined;
}

/**
 * Turns a recording into the least order that its calls need: reading before the first change, in the recorded order; then
 * each change after those that made what it names (the container to start, the network to join) or freed what it takes (the
 * place and the name of a container that it replaces); then what was read after the last change. Whatever else Drover did
 * one after the other may happen at once here, so the replay is a true floor. `names` are those of the containers that stand,
 * by id, and are kept true.
 */
export function planReplay(calls: readonly RecordedCall[], names: Map<string, string>): ReplayStep[] {
  const changes = calls.flatMap((call, index) => (isRead(call) ? [] : [index]));
  const first = changes[0] ?? calls.length;
  const firstChangeAt = calls[first]?.startedAt ?? Number.POSITIVE_INFINITY;
  const lastChangeEnd = Math.max(0, ...changes.map((index) => calls[index]!.endedAt));
  const before = calls.flatMap((call, index) => (isRead(call) && call.endedAt <= firstChangeAt ? [index] : []));
  const made = calls.map(nameOfMade);
  const partners = partnersOf(calls, names);
  return calls.map((call, index) => {
    const earlier = Array.from({ length: index }, (_, place) => place);
    const ended = earlier.filter((each) => calls[each]!.endedAt <= call.startedAt);
    if (before.includes(index)) return { call, after: ended };
    if (isRead(call) && call.startedAt >= lastChangeEnd)
      return { call, after: [...new Set([...earlier.filter((each) => changes.includes(each)), ...ended])] };
    const named = earlier.filter((each) => made[each]?.some((name) => mentions(call, name)));
    const subject = containerOf(call.path);
    const ofPartners = ended.filter((each) => {
      const other = containerOf(calls[each]!.path);
      return other !== undefined && (other === subject || other === partners.get(subject ?? ''));
    });
    // A network goes once nothing is left on it.
    const members = isRemoval(call, 'networks') ? ended.filter((each) => isRemoval(calls[each]!, 'containers')) : [];
    return { call, after: [...new Set([...before, ...named, ...ofPartners, ...members])] };
  });
}

/** By id, each container that takes another's place in a recording, and that other one: it gets its name once that is gone. */
function partnersOf(calls: readonly RecordedCall[], names: Map<string, string>): ReadonlyMap<string, string> {
  const partners = new Map<string, string>();
  const removed = new Map<string, string>();
  for (const call of calls) {
    const id = containerOf(call.path) ?? idIn(call);
    if (id === undefined || isRead(call)) continue;
    const name = new URL(call.path, 'http://engine').searchParams.get('name');
    if (name !== null) {
      const predecessor = removed.get(name);
      if (predecessor !== undefined) partners.set(id, predecessor).set(predecessor, id);
      names.set(id, name);
    } else if (isRemoval(call, 'containers')) {
      removed.set(names.get(id) ?? '', id);
      names.delete(id);
    }
  }
  return partners;
}

/** The same where each container is started once the one that was started before it is healthy. */
export function inChain(steps: readonly ReplayStep[]): ReplayStep[] {
  let last: string | undefined;
  return steps.map((step) => {
    if (!isStart(step.call)) return step;
    const healthy = last;
    last = containerOf(step.call.path);
    return { ...step, healthy };
  });
}

/** How many calls there may be at once: of all but stops, and of those that make and start containers. */
export interface AtOnce {
  readonly calls: number;
  readonly laborious: number;
}

/** Where calls are played again. */
export interface ReplayStage {
  readonly socketPath: string;
  readonly atOnce: AtOnce;
  /** The ids that the engine gave out this time, by those of the recording; kept true. */
  readonly ids: Map<string, string>;
}

/** Plays the calls again, so many at once; milliseconds of it all. */
export async function replay({ socketPath, atOnce, ids }: ReplayStage, steps: readonly ReplayStep[]): Promise<number> {
  const http = new EngineHttp(socketPath);
  const healthy = new Set<string>();
  const started = performance.now();
  const ended = steps.map(() => false);
  const begun = steps.map(() => false);
  let running = 0;
  let labouring = 0;
  let unfollow = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      const next = () => {
        if (ended.every(Boolean)) resolve();
        for (const [index, step] of steps.entries()) {
          const place = Number(!isStop(step.call));
          const labour = Number(isLaborious(step.call));
          if (begun[index] || running + place > atOnce.calls || labouring + labour > atOnce.laborious) continue;
          if (!step.after.every((each) => ended[each])) continue;
          if (step.healthy !== undefined && !healthy.has(ids.get(step.healthy) ?? '')) continue;
          begun[index] = true;
          running += place;
          labouring += labour;
          play(http, step.call, ids).then(() => {
            running -= place;
            labouring -= labour;
            ended[index] = true;
            next();
          }, reject);
        }
      };
      if (steps.some((step) => step.healthy !== undefined))
        unfollow = http.follow(healthEvents, (event) => {
          const { Action, Actor } = event as { Action: string; Actor: { ID: string } };
          if (Action.endsWith(': healthy')) healthy.add(Actor.ID);
          next();
        });
      next();
    });
    return performance.now() - started;
  } finally {
    unfollow();
    http.close();
  }
}

const healthEvents = `/events?filters=${encodeURIComponent(JSON.stringify({ event: ['health_status'] }))}`;

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

function isRemoval({ method, path }: RecordedCall, kind: 'containers' | 'networks'): boolean {
  return method === 'DELETE' && path.includes(`/${kind}/`);
}

/** It waits for a program to end, and takes no place. */
function isStop({ method, path }: RecordedCall): boolean {
  return method === 'POST' && /\/containers\/[0-9a-f]{64}\/stop\b/.test(path);
}

function isStart({ method, path }: RecordedCall): boolean {
  return method === 'POST' && /\/containers\/[0-9a-f]{64}\/start\b/.test(path);
}

function isLaborious(call: RecordedCall): boolean {
  return isStart(call) || (call.method === 'POST' && /\/containers\/create\b/.test(call.path));
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
