import type { DeploymentEvent } from '@drover/contract';
import { useEffect, useState } from 'react';
import { backoff } from '../../api/backoff.ts';
import { api } from '../../api/client.ts';
import { isNotFound, type RefusalView, refusalOf } from '../../api/refusal.ts';
import { noProgress, type Progress, withEvents } from './progress.ts';

/** Events are drawn together that come within this time, in milliseconds. */
const drawing = 60;

export type ProgressState = {
  readonly progress: Progress;
  readonly refusal?: RefusalView;
  readonly connected: boolean;
};

/** Follows a deployment from its first event. A stream that breaks is read again from the beginning. */
export function useProgress(id: string): ProgressState {
  const [state, setState] = useState<ProgressState>({ progress: noProgress, connected: false });
  useEffect(() => {
    const stopping = new AbortController();
    setState({ progress: noProgress, connected: false });
    void follow(id, setState, stopping.signal);
    return () => stopping.abort();
  }, [id]);
  return state;
}

async function follow(id: string, show: (state: ProgressState) => void, signal: AbortSignal): Promise<void> {
  let shown = noProgress;
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const events = await api.deployments.events({ id }, { signal });
      attempt = 0;
      let progress = noProgress;
      let waiting: DeploymentEvent[] = [];
      const draw = (): void => {
        progress = withEvents(progress, waiting);
        waiting = [];
        shown = progress;
        if (!signal.aborted) show({ progress, connected: true });
      };
      const timer = setInterval(() => waiting.length > 0 && draw(), drawing);
      try {
        for await (const event of events) waiting.push(event as DeploymentEvent);
      } finally {
        clearInterval(timer);
      }
      draw();
      if (progress.ended !== undefined) return;
    } catch (error) {
      if (signal.aborted) return;
      if (isNotFound(error)) return show({ progress: shown, refusal: refusalOf(error), connected: false });
    }
    if (signal.aborted) return;
    show({ progress: shown, connected: false });
    await new Promise((resolve) => setTimeout(resolve, backoff(attempt, Math.random())));
  }
}
