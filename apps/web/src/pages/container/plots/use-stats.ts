import type { StatsView } from '@drover/contract';
import { useEffect, useState } from 'react';
import { backoff } from '../../../api/backoff.ts';
import { api } from '../../../api/client.ts';
import { isNotFound } from '../../../api/refusal.ts';
import { StatsRecorder, type StatsSeries } from './stats-series.ts';

/** The statistics of a container since this view of it began; `active` is false while it does not run. */
export function useStats(id: string, active: boolean): StatsSeries {
  const [recorder] = useState(() => new StatsRecorder());
  const [series, setSeries] = useState(() => recorder.series());
  useEffect(() => {
    if (!active) return;
    const stopping = new AbortController();
    const { signal } = stopping;
    const follow = async (): Promise<void> => {
      for (let attempt = 0; !signal.aborted; attempt++) {
        try {
          for await (const sample of await api.containers.stats({ id }, { signal })) {
            attempt = 0;
            recorder.push(sample as StatsView);
            setSeries(recorder.series());
          }
        } catch (error) {
          if (isNotFound(error)) return;
        }
        if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, backoff(attempt, Math.random())));
      }
    };
    void follow();
    return () => stopping.abort();
  }, [id, active, recorder]);
  return series;
}
