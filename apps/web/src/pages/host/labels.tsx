import type { ReactNode } from 'react';
import classes from './host.module.css';
import { labelWords } from './label-words.ts';

/** Labels, each by itself; says that there are none. */
export function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }): ReactNode {
  const words = labelWords(labels);
  if (words.length === 0) return <span className={classes.quiet}>none</span>;
  return (
    <span className={classes.labels}>
      {words.map((label) => (
        <span key={label} className={classes.label}>
          {label}
        </span>
      ))}
    </span>
  );
}
