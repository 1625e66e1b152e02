import type { DeploymentState } from '@drover/contract';
import { isEnded } from '@drover/contract';
import type { ReactNode } from 'react';
import { type StateLook, StateMark } from '../../ui/state-mark.tsx';
import { durationWords } from '../../words/duration.ts';
import classes from './deployment-page.module.css';
import type { Phase, Progress } from './progress.ts';

const words: Readonly<Record<Phase, string>> = {
  load: 'Read the files',
  images: 'Get the images',
  plan: 'Plan',
  execute: 'Carry it out',
  verify: 'Verify',
  rollback: 'Put it back',
};

/** The phases of a deployment, those behind and those ahead, with how long each took. */
export function PhaseStrip({ progress, now }: { readonly progress: Progress; readonly now: number }): ReactNode {
  const { phases, state } = progress;
  const reached = new Set(phases.map(({ phase }) => phase));
  const ahead = (['load', 'images', 'plan', 'execute', 'verify'] as const).filter((phase) => !reached.has(phase));
  const over = state !== undefined && isEnded(state);
  return (
    <ol className={classes.strip} aria-label="Phases">
      {phases.map(({ phase, from }, index) => {
        const next = phases[index + 1]?.from;
        return (
          <li key={`${phase} ${from}`} className={classes.phase} data-reached>
            <StateMark look={phaseLook(next !== undefined, over, state, phase)} />
            {words[phase]} <small>{durationWords((next ?? (over ? progress.latest : now)) - from)}</small>
          </li>
        );
      })}
      {!over &&
        ahead.map((phase) => (
          <li key={phase} className={classes.phase}>
            <StateMark look={{ tone: 'idle', shape: 'ring', word: '' }} />
            {words[phase]}
          </li>
        ))}
    </ol>
  );
}

function phaseLook(passed: boolean, over: boolean, state: DeploymentState | undefined, phase: Phase): StateLook {
  if (passed || (over && (state === 'succeeded' || phase === 'rollback')))
    return { tone: 'good', shape: 'tick', word: 'done' };
  if (!over) return { tone: 'progress', shape: 'turning', word: 'under way' };
  return state === 'cancelled'
    ? { tone: 'idle', shape: 'square', word: 'cancelled' }
    : { tone: 'bad', shape: 'cross', word: 'failed' };
}
