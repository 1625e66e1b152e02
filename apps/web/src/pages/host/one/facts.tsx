import type { ReactNode } from 'react';
import classes from '../host.module.css';

/** Names and what is known of each, one under the other. */
export function Facts({
  label,
  facts,
}: {
  readonly label: string;
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}): ReactNode {
  return (
    <dl className={classes.facts} aria-label={label}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
