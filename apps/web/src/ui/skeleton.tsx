import type { ReactNode } from 'react';
import classes from './skeleton.module.css';

/** Stands where content will be, in its size, so that nothing moves when it comes. */
export function Skeleton({
  width,
  height = '0.75rem',
}: {
  readonly width: string;
  readonly height?: string;
}): ReactNode {
  return <span className={classes.block} style={{ width, height }} aria-hidden />;
}

/** Rows of a table that is being read. */
export function SkeletonRows({
  rows,
  widths,
}: {
  readonly rows: number;
  readonly widths: readonly string[];
}): ReactNode {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
    <tr key={row} data-quiet>
      {widths.map((width, cell) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cells are all alike
        <td key={cell}>
          <Skeleton width={width} />
        </td>
      ))}
    </tr>
  ));
}
