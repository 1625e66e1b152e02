import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { refusalOf } from '../api/refusal.ts';
import { Notice } from './notice.tsx';

/** Says that something could not be read, why, and offers to try again. */
export function Failure({
  of,
  error,
  retry,
}: {
  readonly of: string;
  readonly error: unknown;
  readonly retry?: () => void;
}): ReactNode {
  return (
    <Notice tone="bad" actions={retry !== undefined && <Button onClick={retry}>Try again</Button>}>
      <strong>Reading {of} failed.</strong> {refusalOf(error).message}
    </Notice>
  );
}
