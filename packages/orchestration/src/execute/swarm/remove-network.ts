import { EngineError } from '@drover/engine';
import type { OperationOf } from '../../model/operation.ts';
import type { Run } from '../run.ts';
import type { SwarmRun } from './swarm-run.ts';

/** How long what is attached may take to let go, in milliseconds. */
const releaseMs = 30_000;

const isGone = /\bnetwork \w+ not found$/;

/** What a manager says while tasks that are being removed, or containers on a host, still hold a network. */
const isHeld = /\bis in use by\b|has active endpoints/;

/**
 * Removes a network of a stack; tries again while what has just been removed still holds it. It is gone when the manager lists it
 * no more: one that is still being taken off its own engine would be taken for a network that can be used.
 */
export async function removeSwarmNetwork(
  run: Run,
  swarm: SwarmRun,
  { networkId, name }: OperationOf<'network-remove'>,
): Promise<undefined> {
  const options = { signal: run.hard, doing: `removing network ${name}` };
  const end = performance.now() + releaseMs;
  while (!(await tryToRemove(run, networkId, options, end))) await swarm.watch.next(options.doing, run.soft);
  while ((await isListed(run, networkId, options)) && performance.now() < end)
    await swarm.watch.next(options.doing, run.soft);
}

interface Doing {
  readonly signal: AbortSignal;
  readonly doing: string;
}

async function tryToRemove({ engine }: Run, networkId: string, options: Doing, end: number): Promise<boolean> {
  try {
    await engine.networks.remove(networkId, options);
    return true;
  } catch (thrown) {
    // A manager that has only its own engine's part of it left answers with another status than 404.
    if (thrown instanceof EngineError && (thrown.code === 'not-found' || isGone.test(thrown.reason))) return true;
    if (!(thrown instanceof EngineError && isHeld.test(thrown.reason)) || performance.now() >= end) throw thrown;
    return false;
  }
}

async function isListed({ engine }: Run, networkId: string, options: Doing): Promise<boolean> {
  const listed = await engine.networks.list({ ...options, filters: { id: [networkId] } });
  return listed.some(({ Id }) => Id === networkId);
}
