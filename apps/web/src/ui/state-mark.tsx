import type { ReactNode } from 'react';
import classes from './state-mark.module.css';

export type Tone = 'good' | 'progress' | 'warn' | 'bad' | 'idle';
export type Shape =
  | 'disc'
  | 'half'
  | 'ring'
  | 'dashed'
  | 'square'
  | 'cross'
  | 'triangle'
  | 'turning'
  | 'tick'
  | 'pause';

/** What a state looks like: a tone and a shape, so that it can be told without colours, and a word. */
export type StateLook = { readonly tone: Tone; readonly shape: Shape; readonly word: string };

const shapes: Readonly<Record<Shape, ReactNode>> = {
  disc: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  half: (
    <>
      <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 2a4 4 0 0 0 0 8z" fill="currentColor" />
    </>
  ),
  ring: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  dashed: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.1 2.1" />,
  square: (
    <rect x="2.25" y="2.25" width="7.5" height="7.5" rx="1" fill="none" stroke="currentColor" strokeWidth="1.5" />
  ),
  cross: <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  triangle: <path d="M6 1.5l5 9H1z" fill="currentColor" strokeLinejoin="round" />,
  turning: (
    <g className={classes.turning}>
      <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" opacity="0.3" />
      <path
        d="M6 1.75A4.25 4.25 0 0 1 10.25 6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
    </g>
  ),
  tick: (
    <path
      d="M2 6.5l2.8 2.8L10 3.2"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  pause: <path d="M4 2.5v7M8 2.5v7" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
};

/** The sign of a state. With `label` it speaks to screen readers; without, a word beside it does. */
export function StateMark({ look, label }: { readonly look: StateLook; readonly label?: string }): ReactNode {
  if (label === undefined)
    return (
      <svg className={classes.mark} data-tone={look.tone} viewBox="0 0 12 12" aria-hidden="true">
        {shapes[look.shape]}
      </svg>
    );
  return (
    <svg className={classes.mark} data-tone={look.tone} viewBox="0 0 12 12" role="img" aria-label={label}>
      {shapes[look.shape]}
    </svg>
  );
}
