import { messageOf } from '@drover/base';
import { type CheckRequest, type CheckResult, checkSource } from './check.ts';

export type CheckMessage = { readonly id: number; readonly request: CheckRequest };
export type CheckAnswer = { readonly id: number; readonly result: CheckResult };

let running: AbortController | undefined;

// A check that a newer one overtook is stopped; only the newest is answered.
addEventListener('message', ({ data: { id, request } }: MessageEvent<CheckMessage>) => {
  running?.abort();
  const current = new AbortController();
  running = current;
  const answer = (result: CheckResult): void => {
    if (!current.signal.aborted) postMessage({ id, result } satisfies CheckAnswer);
  };
  checkSource(request, current.signal).then(answer, (error: unknown) =>
    answer({
      diagnostics: [{ severity: 'error', code: 'unreadable', message: messageOf(error) }],
      services: [],
      unset: [],
    }),
  );
});
