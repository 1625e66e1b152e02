import type { ReactNode } from 'react';
import classes from './notice.module.css';
import { type Shape, StateMark, type Tone } from './state-mark.tsx';

const shapes: Readonly<Record<Tone, Shape>> = {
  good: 'tick',
  progress: 'turning',
  warn: 'triangle',
  bad: 'cross',
  idle: 'ring',
};

/** Something about the whole page that its reader has to know, and what can be done about it. */
export function Notice({
  tone,
  actions,
  children,
}: {
  readonly tone: Tone;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={classes.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <span className={classes.sign}>
        <StateMark look={{ tone, shape: shapes[tone], word: '' }} />
      </span>
      <div className={classes.words}>{children}</div>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}
