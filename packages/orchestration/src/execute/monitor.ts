import type { ContainerWatch } from './container-watch.ts';
import { StepFailure } from './step-failure.ts';

export interface MonitorRequest {
  readonly watch: ContainerWatch;
  readonly containers: readonly { readonly id: string; readonly name: string }[];
  readonly ms: number;
  readonly signal: AbortSignal;
}

/** A longer timer of Node fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Resolves after `ms`. Rejects as soon as one of the containers ends with another code than 0 or turns unhealthy; what the
 * events did not tell is left to the check at the end.
 */
export async function monitorContainers({ watch, containers, ms, signal }: MonitorRequest): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(ms, longestTimerMs));
  const aborted = (): void => reject(signal.reason);
  signal.addEventListener('abort', aborted, { once: true });
  const stops = containers.map(({ id, name }) => {
    const look = (): void => {
      const why = whatFailed(watch.seen(id));
      if (why !== undefined) reject(new StepFailure(why.reason, `${name} ${why.words}`, { containerId: id }));
    };
    look();
    return watch.listen(id, look);
  });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', aborted);
    for (const stop of stops) stop();
  }
}

function whatFailed({
  exitCode = 0,
  health,
}: ReturnType<ContainerWatch['seen']>):
  | { readonly reason: 'exited' | 'unhealthy'; readonly words: string }
  | undefined {
  if (exitCode !== 0) return { reason: 'exited', words: `ended with code ${exitCode} soon after it was started` };
  if (health === 'unhealthy') return { reason: 'unhealthy', words: 'turned unhealthy soon after it was started' };
  return undefined;
}
