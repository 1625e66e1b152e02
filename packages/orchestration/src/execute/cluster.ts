import { messageOf } from '@drover/base';
import type { ClusterPlan, ClusterStep } from '../model/cluster/step.ts';
import { type ClusterStepParts, executeClusterStep } from './cluster/steps.ts';

export type ClusterEvent =
  | { readonly type: 'started' | 'done'; readonly step: ClusterStep }
  | { readonly type: 'failed'; readonly step: ClusterStep; readonly reason: string };

export interface ExecuteClusterOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called in order and synchronously; must not throw. */
  readonly onEvent?: (event: ClusterEvent) => void;
}

export interface ClusterExecution {
  readonly done: readonly ClusterStep[];
  /** Steps that were not carried out, with why, in words. None hinders the others. */
  readonly failed: readonly { readonly step: ClusterStep; readonly reason: string }[];
}

/** Carries the steps of a plan out, one after the other. Rejects only when the signal fires. */
export async function executeCluster(
  plan: ClusterPlan,
  parts: ClusterStepParts,
  { signal, onEvent }: ExecuteClusterOptions = {},
): Promise<ClusterExecution> {
  const done: ClusterStep[] = [];
  const failed: { step: ClusterStep; reason: string }[] = [];
  for (const step of plan.steps) {
    signal?.throwIfAborted();
    onEvent?.({ type: 'started', step });
    try {
      await executeClusterStep(step, parts, signal);
      done.push(step);
      onEvent?.({ type: 'done', step });
    } catch (thrown) {
      signal?.throwIfAborted();
      const reason = messageOf(thrown);
      failed.push({ step, reason });
      onEvent?.({ type: 'failed', step, reason });
    }
  }
  return { done, failed };
}
