import type { ReactNode } from 'react';
import { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog.tsx';
import { useLast } from './use-last.ts';

/** What is asked about one of several things. */
export interface Question extends Pick<ConfirmDialogProps, 'title' | 'confirmWords' | 'typeToConfirm' | 'onConfirm'> {
  /** What goes and what stays, by name. */
  readonly text: ReactNode;
}

interface Props<Subject> {
  /** What it is about; closed where it is undefined. */
  readonly subject: Subject | undefined;
  readonly ask: (subject: Subject) => Question;
  readonly onClose: () => void;
}

/** Asks about one of several things before it is lost. While it fades out it goes on showing the last. */
export function ConfirmAbout<Subject extends object>({ subject, ask, onClose }: Props<Subject>): ReactNode {
  const shown = useLast(subject);
  if (shown === undefined) return null;
  const { text, ...question } = ask(shown);
  return (
    <ConfirmDialog {...question} opened={subject !== undefined} onClose={onClose}>
      {text}
    </ConfirmDialog>
  );
}
