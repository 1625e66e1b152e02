import type { DrainEvent, DrainPreviewView, HostView } from '@drover/contract';
import { Button, Checkbox, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, queries } from '../../../api/client.ts';
import { refusalOf } from '../../../api/refusal.ts';
import { ActionButton } from '../../../ui/action-button.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { type StateLook, StateMark } from '../../../ui/state-mark.tsx';
import classes from '../../host/one/progress-dialog.module.css';
import { useFollowed } from '../../host/one/use-followed.ts';
import { DrainPreview } from './drain-preview.tsx';

type Props = { readonly host: Pick<HostView, 'id' | 'name'>; readonly opened: boolean; readonly onClose: () => void };

/** Shows what draining a host would do, and then how far it is. */
export function DrainDialog({ host, opened, onClose }: Props): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title={`Drain ${host.name}`} size="46rem">
      <Drain host={host} onClose={onClose} />
    </Modal>
  );
}

function Drain({ host: { id, name }, onClose }: Omit<Props, 'opened'>): ReactNode {
  const [stopStuck, setStopStuck] = useState(false);
  const { events, state, error, start } = useFollowed<DrainEvent>((signal) =>
    api.cluster.drain({ host: id, stopStuck }, { signal }),
  );
  const preview = useQuery({
    ...queries.cluster.drainPreview.queryOptions({ input: { host: id } }),
    enabled: state === 'idle',
    gcTime: 0,
  });
  const shown = preview.data as DrainPreviewView | undefined;
  const isStuck = (shown?.stuck.length ?? 0) > 0;
  return (
    <div className={classes.body}>
      {state === 'idle' && (
        <>
          {preview.error !== null && (
            <Failure of="what it would do" error={preview.error} retry={() => void preview.refetch()} />
          )}
          {shown === undefined ? (
            preview.error === null && <Skeleton width="100%" height="6rem" />
          ) : (
            <DrainPreview preview={shown} />
          )}
          {isStuck && (
            <Checkbox
              label="Stop what no other host can take"
              checked={stopStuck}
              onChange={(event) => setStopStuck(event.currentTarget.checked)}
            />
          )}
        </>
      )}
      <ol className={classes.steps} aria-label="Progress" aria-live="polite">
        {events.map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was told keeps its order
          <li key={index}>
            <StateMark look={lookOf(event, index === events.length - 1 && state === 'running')} />
            <span>{event.message}</span>
          </li>
        ))}
        {state === 'running' && events.length === 0 && (
          <li>
            <StateMark look={running} />
            <span>Looking at what runs on {name}</span>
          </li>
        )}
      </ol>
      {state === 'running' && <p>It goes on when this is closed. Should it fail, the host is as it was before.</p>}
      {error !== undefined && (
        <p className={classes.refusal} role="alert">
          {refusalOf(error).message}
        </p>
      )}
      <div className={classes.buttons}>
        <Button onClick={onClose}>{state === 'idle' ? 'Keep' : 'Close'}</Button>
        {state === 'idle' && (
          <ActionButton
            variant="filled"
            data-autofocus
            disabledReason={
              shown === undefined
                ? 'what it would do is not known yet'
                : isStuck && !stopStuck
                  ? 'no other host can take all of it; say above that the rest is stopped'
                  : undefined
            }
            onClick={start}
          >
            Drain it
          </ActionButton>
        )}
      </div>
    </div>
  );
}

const running: StateLook = { tone: 'progress', shape: 'turning', word: '' };

function lookOf({ ended }: DrainEvent, isLast: boolean): StateLook {
  if (isLast && !ended) return running;
  return { tone: 'good', shape: 'tick', word: '' };
}
