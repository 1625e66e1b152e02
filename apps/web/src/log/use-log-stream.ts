import type { LogLine } from '@drover/contract';
import { useEffect, useRef, useState } from 'react';
import { backoff } from '../api/backoff.ts';
import { isNotFound, refusalOf } from '../api/refusal.ts';
import type { LogLines } from './log-lines.ts';
import { SeenLines } from './seen-lines.ts';

export type LogStreamState =
  | { readonly kind: 'reading' }
  | { readonly kind: 'following' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'reconnecting' }
  | { readonly kind: 'failed'; readonly why: string };

export type LogRequest = { readonly tail?: number; readonly since?: string };
export type OpenLog = (request: LogRequest, signal: AbortSignal) => Promise<AsyncIterable<LogLine>>;

export type LogStreamOptions = {
  readonly lines: LogLines;
  readonly open: OpenLog;
  readonly tail: number;
  /** Another value opens the stream again and goes on behind the last line: a container that runs again. */
  readonly round: string;
  readonly onLines: () => void;
};

/** A screen is drawn about this often while lines pour in, in milliseconds. */
const drawing = 50;

/**
 * Follows a log into `lines`. A stream that breaks is opened again behind the last line that came; one that ends (nothing runs
 * any more) waits for another `round`. Another `open` or `tail` starts anew.
 */
export function useLogStream({ lines, open, tail, round, onLines }: LogStreamOptions): LogStreamState {
  const [state, setState] = useState<LogStreamState>({ kind: 'reading' });
  const seen = useRef(new SeenLines());
  const source = useRef<readonly unknown[]>([]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is no input of the stream, but the sign to open it again
  useEffect(() => {
    if (source.current[0] !== open || source.current[1] !== tail) {
      source.current = [open, tail];
      seen.current = new SeenLines();
      lines.clear();
      onLines();
    }
    const stopping = new AbortController();
    void follow({ lines, open, tail, seen: seen.current, onLines, setState, signal: stopping.signal });
    return () => stopping.abort();
  }, [lines, open, tail, round, onLines]);
  return state;
}

type Following = Omit<LogStreamOptions, 'round'> & {
  readonly seen: SeenLines;
  readonly setState: (state: LogStreamState) => void;
  readonly signal: AbortSignal;
};

async function follow({ lines, open, tail, seen, onLines, setState, signal }: Following): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      setState({ kind: attempt === 0 ? 'reading' : 'reconnecting' });
      const stream = await open(seen.last === undefined ? { tail } : { since: seen.last }, signal);
      setState({ kind: 'following' });
      attempt = 0;
      let waiting: LogLine[] = [];
      let drawn = performance.now();
      const draw = (): void => {
        lines.push(
          waiting.map((line) => ({
            ...line,
            label: line.stream === 'notice' ? 'drover' : (line.service ?? line.container),
          })),
        );
        waiting = [];
        drawn = performance.now();
        onLines();
      };
      const timer = setInterval(() => waiting.length > 0 && draw(), drawing);
      try {
        for await (const line of stream) {
          if (signal.aborted) return;
          if (seen.isNew(line)) waiting.push(line);
          // Lines that are there already come without a pause; the page must be able to draw and to answer in between.
          if (performance.now() - drawn > drawing) {
            draw();
            await new Promise((resolve) => setTimeout(resolve, 0));
          }
        }
      } finally {
        clearInterval(timer);
        if (waiting.length > 0) draw();
      }
      if (!signal.aborted) setState({ kind: 'ended' });
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (isNotFound(error)) return setState({ kind: 'failed', why: refusalOf(error).message });
      setState({ kind: 'reconnecting' });
      await new Promise((resolve) => setTimeout(resolve, backoff(attempt, Math.random())));
    }
  }
}
