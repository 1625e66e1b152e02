import { EngineError, isEngineError } from '@drover/engine';
import type { OperationOf } from '../../model/operation.ts';
import type { Run } from '../run.ts';
import type { SwarmRun } from './swarm-run.ts';

/** How long what is attached may take to let go, in milliseconds. */
const releaseMs = 30_000;

/** What a manager says while tasks that are being removed, or containers on a host, still hold a network. */
const isHeld = /\bis in use by\b|has active endpoints/;

/** Removes a network of a stack; tries again while what has just been removed still holds it. */
export async function removeSwarmNetwork(
  run: Run,
  swarm: SwarmRun,
  { networkId, name }: OperationOf<'network-remove'>,
): Promise<undefined> {
  const doing = `removing network ${name}`;
  const begun = performance.now();
  for (;;) {
    try {
      await run.engine.networks.remove(networkId, { signal: run.hard, doing });
      return;
    } catch (thrown) {
      if (isEngineError(thrown, 'not-found')) return;
      if (!(thrown instanceof EngineError && isHeld.test(thrown.reason))) throw thrown;
      if (performance.now() - begun >= releaseMs) throw thrown;
      await swarm.watch.next(doing, run.soft);
    }
  }
}
