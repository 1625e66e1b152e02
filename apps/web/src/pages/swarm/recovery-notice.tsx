import type { RecoveryView } from '@drover/contract';
import { Button, Radio } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, queries } from '../../api/client.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { listWords } from '../../words/count.ts';
import classes from './swarm-panel.module.css';

/** The way out of a lost quorum: what can be gone on from, and what is given up. Says why where there is none. */
export function RecoveryNotice(): ReactNode {
  const { data, error, refetch } = useQuery(queries.cluster.recovery.queryOptions());
  const [recovering, setRecovering] = useState(false);
  const recovery = data as RecoveryView | undefined;
  if (error !== null) return <Failure of="the ways to recover" error={error} retry={() => void refetch()} />;
  if (recovery === undefined) return null;
  if (recovery.refusal !== undefined) return <Notice tone="idle">No recovery: {recovery.refusal}.</Notice>;
  return (
    <>
      <Notice
        tone="bad"
        actions={
          <Button onClick={() => setRecovering(true)} disabled={recovery.choices.length === 0}>
            Recover…
          </Button>
        }
      >
        <strong>The quorum is lost.</strong> If the managers that are away come back, it is there again by itself. If
        they are gone for good, go on from the state of one that is left.
        {recovery.choices.length === 0 && ' None can be reached now.'}
      </Notice>
      {recovering && <RecoveryDialog recovery={recovery} onClose={() => setRecovering(false)} />}
    </>
  );
}

function RecoveryDialog({
  recovery: { choices, givenUp, warnings },
  onClose,
}: {
  readonly recovery: RecoveryView;
  readonly onClose: () => void;
}): ReactNode {
  const queryClient = useQueryClient();
  const [host, setHost] = useState(choices[0]?.host ?? '');
  return (
    <ConfirmDialog
      opened
      title="Recover the Swarm"
      confirmWords={`Go on from ${host}`}
      typeToConfirm={host}
      onConfirm={async () => {
        await api.cluster.recover({ host });
        await queryClient.invalidateQueries({ queryKey: queries.cluster.get.key() });
      }}
      onClose={onClose}
    >
      <Radio.Group label="Go on from the state of" value={host} onChange={setHost}>
        <div className={classes.choices}>
          {choices.map(({ host: name, why }) => (
            <Radio key={name} size="xs" value={name} label={name} description={why} />
          ))}
        </div>
      </Radio.Group>
      {givenUp.length > 0 && (
        <p>
          Given up as managers: <strong>{listWords(givenUp)}</strong>.
        </p>
      )}
      <ul>
        {warnings.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
