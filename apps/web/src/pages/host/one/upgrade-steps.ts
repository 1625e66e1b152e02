import type { UpgradeEvent } from '@drover/contract';
import type { StateLook } from '../../../ui/state-mark.tsx';

const looks: Readonly<Record<UpgradeEvent['step'], StateLook>> = {
  waiting: { tone: 'idle', shape: 'ring', word: 'waits its turn' },
  sending: { tone: 'progress', shape: 'turning', word: 'is sent the new agent' },
  restarting: { tone: 'progress', shape: 'turning', word: 'starts it; the old one is kept until it answers' },
  done: { tone: 'good', shape: 'tick', word: 'runs it' },
  current: { tone: 'good', shape: 'tick', word: 'has it already' },
  failed: { tone: 'bad', shape: 'cross', word: 'failed' },
};

/** How far the upgrade of each host is: its last step. */
export function lastSteps(events: readonly UpgradeEvent[]): UpgradeEvent[] {
  return [...new Map(events.map((event) => [event.host, event])).values()];
}

/** How a step is shown. */
export function stepLook({ step, version }: UpgradeEvent): StateLook {
  const look = looks[step];
  return step === 'done' && version !== undefined ? { ...look, word: `runs ${version}` } : look;
}
