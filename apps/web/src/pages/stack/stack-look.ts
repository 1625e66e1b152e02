import type { StackState } from '@drover/contract';
import type { StateLook } from '../../ui/state-mark.tsx';

const looks: Readonly<Record<StackState, StateLook>> = {
  unmanaged: { tone: 'idle', shape: 'dashed', word: 'Not managed' },
  new: { tone: 'idle', shape: 'ring', word: 'Never deployed' },
  deploying: { tone: 'progress', shape: 'turning', word: 'Deploying' },
  running: { tone: 'good', shape: 'disc', word: 'Running' },
  degraded: { tone: 'warn', shape: 'half', word: 'Degraded' },
  stopped: { tone: 'idle', shape: 'square', word: 'Stopped' },
  failed: { tone: 'bad', shape: 'cross', word: 'Failed' },
};

/** How a stack's state is shown. */
export function stackLook(state: StackState): StateLook {
  return looks[state];
}
