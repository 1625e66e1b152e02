import { type ReactNode, useState } from 'react';
import { MoreRows } from './more-rows.tsx';

const firstRows = 100;

/** Rows of a list that is all there: the first hundred, and under them how to see more, at most `most` at once. */
export function useShownRows<Row>(
  rows: readonly Row[] | undefined,
  most: number = rows?.length ?? 0,
): { readonly shown: readonly Row[] | undefined; readonly more: ReactNode } {
  const [all, setAll] = useState(false);
  const limit = all ? most : firstRows;
  return {
    shown: rows?.slice(0, limit),
    more: rows !== undefined && (
      <MoreRows shown={Math.min(rows.length, limit)} total={rows.length} most={most} onMore={() => setAll(true)} />
    ),
  };
}
