import type { Readable } from 'node:stream';
import { messageOf } from '@drover/base';
import {
  Attempts,
  type ContainerChange,
  decodeLines,
  type Engine,
  readChange,
  type WatchedEvent,
  watchedEvents,
} from '@drover/engine';
import { askChanges, type Tunnel } from '@drover/tunnel';

/** Events that an agent may tell before a list that covers them; it drops its own at a quarter. */
const mostUnlisted = 16_384;

/** What a `Host` hears: from an agent also what its engine's lists say, else only its events and when to list. */
export type HostChange = ContainerChange | WatchedEvent;

/** Tells what changes on a host until the signal fires; `alive` events of `liveness` say that it may be there again. */
export type HostChanges = (options: {
  readonly signal: AbortSignal;
  readonly liveness?: EventTarget | undefined;
}) => AsyncIterable<HostChange>;

export interface AgentChangesOptions {
  /** The host's tunnel; throws in words when there is none. */
  readonly reach: () => Tunnel;
  /** The engine behind the tunnel, for agents that cannot tell what changes. */
  readonly engine: Engine;
  /** Told when the engine is there, or is gone. */
  readonly onEngine: (isThere: boolean) => void;
}

/**
 * What changes on a host, told by its agent: it lists beside its engine, and nothing is asked over the network for it.
 * Goes on over any number of tunnels. What makes no sense ends the connection, as if it had been lost.
 */
export function agentChanges({ reach, engine, onEngine }: AgentChangesOptions): HostChanges {
  return async function* ({ signal, liveness }) {
    const attempts = new Attempts();
    while (!signal.aborted) {
      try {
        const stream = await askChanges(reach(), signal);
        const changes = stream === undefined ? watchOnce(engine, signal) : changesIn(stream);
        for await (const change of changes) {
          if (change.type === 'connected' || change.type === 'relist') {
            attempts.succeeded();
            onEngine(true);
          } else if (change.type === 'lost') onEngine(false);
          yield change;
        }
        if (stream !== undefined) throw new Error('the agent stopped telling what changes');
      } catch (error) {
        if (signal.aborted) return;
        onEngine(false);
        if (attempts.failures === 0) yield { type: 'lost', error: asError(error) };
      }
      await attempts.wait(signal, liveness);
    }
  };
}

/** Ends with the first loss, so that a newer agent is found. */
async function* watchOnce(engine: Engine, signal: AbortSignal): AsyncGenerator<HostChange> {
  for await (const watched of engine.events.watch({ signal, filters: watchedEvents })) {
    yield watched;
    if (watched.type === 'lost') return;
  }
}

async function* changesIn(stream: Readable): AsyncGenerator<ContainerChange> {
  let line = 0;
  let unlisted = 0;
  try {
    for await (const text of decodeLines(stream)) {
      line += 1;
      const change = readChange(text);
      if (change.type === 'connected') unlisted = 0;
      else if (change.type === 'event') unlisted += 1;
      else if (change.type === 'listed') unlisted -= Math.min(unlisted, change.covers);
      if (unlisted > mostUnlisted) throw new TypeError(`${unlisted} events have no list`);
      yield change;
    }
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    throw new Error(`what its agent tells makes no sense (line ${line}): ${messageOf(error)}`, { cause: error });
  } finally {
    stream.destroy();
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
