import type { EnvironmentView } from '@drover/contract';
import type { StateLook } from '../../ui/state-mark.tsx';

const looks: Readonly<Record<EnvironmentView['state'], StateLook>> = {
  connected: { tone: 'good', shape: 'disc', word: 'Connected' },
  unreachable: { tone: 'bad', shape: 'cross', word: 'Unreachable' },
};

/** How an environment's state is shown. */
export function environmentLook(state: EnvironmentView['state']): StateLook {
  return looks[state];
}
