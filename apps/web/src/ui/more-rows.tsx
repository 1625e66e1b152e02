import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { countWords } from '../words/count.ts';
import classes from './more-rows.module.css';

/** Under a table that does not show all there is: how much it shows, and how to see more. */
export function MoreRows({
  shown,
  total,
  most,
  onMore,
}: {
  readonly shown: number;
  readonly total: number;
  /** More than this is never shown at once. */
  readonly most: number;
  readonly onMore: () => void;
}): ReactNode {
  if (shown >= total) return null;
  return (
    <p className={classes.more}>
      <span>
        {shown.toLocaleString('en')} of {total.toLocaleString('en')}
      </span>
      {shown < most ? (
        <Button variant="subtle" size="compact-sm" onClick={onMore}>
          Show {countWords(Math.min(total, most) - shown, 'more row')}
        </Button>
      ) : (
        <span>Filter to find the others.</span>
      )}
    </p>
  );
}
