import { unreachable } from '@drover/base';
import type { ContainerView } from '@drover/contract';
import type { StateLook } from '../../ui/state-mark.tsx';

type Facts = Pick<ContainerView, 'state' | 'health' | 'exitCode'>;

/** How a container's state is shown. */
export function containerLook({ state, health, exitCode }: Facts): StateLook {
  switch (state) {
    case 'running':
      if (health === 'unhealthy') return { tone: 'bad', shape: 'triangle', word: 'Unhealthy' };
      if (health === 'starting') return { tone: 'progress', shape: 'turning', word: 'Starting' };
      return { tone: 'good', shape: 'disc', word: health === 'healthy' ? 'Healthy' : 'Running' };
    case 'paused':
      return { tone: 'warn', shape: 'pause', word: 'Paused' };
    case 'restarting':
      return { tone: 'bad', shape: 'half', word: 'Restarting' };
    case 'created':
      return { tone: 'idle', shape: 'ring', word: 'Created' };
    case 'removing':
      return { tone: 'idle', shape: 'dashed', word: 'Being removed' };
    case 'dead':
      return { tone: 'bad', shape: 'cross', word: 'Dead' };
    case 'exited':
      return exitCode === undefined || exitCode === 0
        ? { tone: 'idle', shape: exitCode === 0 ? 'tick' : 'square', word: exitCode === 0 ? 'Ended' : 'Exited' }
        : { tone: 'bad', shape: 'cross', word: `Exited ${exitCode}` };
    default:
      return unreachable(state);
  }
}

/** What an exit code says beyond its number; nothing where it says nothing. */
export function exitCodeWords(exitCode: number): string {
  const known: Readonly<Record<number, string>> = {
    125: 'the engine could not start it',
    126: 'its command cannot be executed',
    127: 'its command was not found',
    134: 'it aborted',
    137: 'it was killed: out of memory, or it did not stop in time',
    139: 'it crashed with a segmentation fault',
    143: 'it was told to stop',
  };
  const meaning = known[exitCode];
  return meaning === undefined ? `exited with code ${exitCode}` : `exited with code ${exitCode} (${meaning})`;
}
