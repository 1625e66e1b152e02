import { UnreachableError } from './api-error.ts';

/** How long a server may be away before following is given up. What is followed goes on without a follower. */
const patience = 60_000;

export interface FollowOptions<Event> {
  /** Opens the stream; after a break again. */
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>;
  /** Whether it is the last event. */
  readonly isLast: (event: Event) => boolean;
  /** What to say when the server stays away: what could not be followed, and where to look. */
  readonly lost: (why: string) => string;
  readonly signal: AbortSignal;
}

/**
 * The events of something long up to its last one. A connection that breaks is made again; what the stream tells once more then is
 * passed on once.
 */
export async function* followToEnd<Event>({
  open,
  isLast,
  lost,
  signal,
}: FollowOptions<Event>): AsyncGenerator<Event, void, undefined> {
  const seen = new Set<string>();
  let lostAt: number | undefined;
  let pause = 100;
  for (;;) {
    let why = 'the server ended the connection';
    try {
      for await (const event of await open(signal)) {
        const text = JSON.stringify(event);
        if (seen.has(text)) continue;
        seen.add(text);
        lostAt = undefined;
        pause = 100;
        yield event;
        if (isLast(event)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof UnreachableError)) throw error;
      why = error.message;
    }
    if (signal.aborted) return;
    // A stream that ends before its last event belongs to a server that stops.
    lostAt ??= Date.now();
    if (Date.now() - lostAt > patience) throw new UnreachableError(lost(why));
    await sleep(pause, signal);
    pause = Math.min(2000, pause * 2);
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
