import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { refusalOf } from '../api/refusal.ts';
import classes from './confirm-dialog.module.css';

export type ConfirmDialogProps = {
  readonly opened: boolean;
  readonly title: string;
  /** What goes and what stays, by name. */
  readonly children: ReactNode;
  readonly confirmWords: string;
  /** Data goes: this has to be typed first. */
  readonly typeToConfirm?: string | undefined;
  readonly destructive?: boolean;
  readonly blockedReason?: string | undefined;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
};

/** Asks before something is done that cannot be taken back; stays open, with the reason, when it is refused. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} size="30rem">
      <ConfirmForm {...props} />
    </Modal>
  );
}

function ConfirmForm({
  children,
  confirmWords,
  typeToConfirm,
  destructive = true,
  blockedReason,
  onConfirm,
  onClose,
}: ConfirmDialogProps): ReactNode {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const ready = (typeToConfirm === undefined || typed === typeToConfirm) && blockedReason === undefined;

  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setRefusal(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setRefusal(refusalOf(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={classes.body} onSubmit={(event) => void onSubmit(event)}>
      <div className={classes.what}>{children}</div>
      {typeToConfirm !== undefined && (
        <TextInput
          label={
            <>
              Type <code>{typeToConfirm}</code> to confirm
            </>
          }
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      {(refusal ?? blockedReason) !== undefined && (
        <p className={classes.refusal} role="alert">
          {refusal ?? blockedReason}
        </p>
      )}
      <div className={classes.buttons}>
        <Button onClick={onClose}>Keep</Button>
        <Button
          type="submit"
          variant="filled"
          {...(destructive ? { color: 'red' } : {})}
          loading={busy}
          disabled={!ready}
          data-autofocus={typeToConfirm === undefined || undefined}
        >
          {confirmWords}
        </Button>
      </div>
    </form>
  );
}
