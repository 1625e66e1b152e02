import type { ReactNode } from 'react';
import classes from './table.module.css';

export type Column = {
  readonly name: string;
  readonly align?: 'right';
  /** As narrow as its content. */
  readonly fit?: boolean;
  /** Its head is for screen readers only. */
  readonly silent?: boolean;
};

/** The one table of the product: quiet lines, dense rows, scrolling sideways inside itself where it does not fit. */
export function Table({
  label,
  columns,
  children,
}: {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ name, align, fit, silent }) => (
              <th key={name} scope="col" data-align={align} data-fit={fit || undefined}>
                {silent ? <span className="visually-hidden">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
