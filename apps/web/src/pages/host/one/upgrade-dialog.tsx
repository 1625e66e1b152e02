import type { HostView, UpgradeEvent } from '@drover/contract';
import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { api } from '../../../api/client.ts';
import { refusalOf } from '../../../api/refusal.ts';
import { StateMark } from '../../../ui/state-mark.tsx';
import { listWords } from '../../../words/count.ts';
import classes from './progress-dialog.module.css';
import { lastSteps, stepLook } from './upgrade-steps.ts';
import { useFollowed } from './use-followed.ts';

type Props = {
  readonly hosts: readonly Pick<HostView, 'id' | 'name'>[];
  readonly opened: boolean;
  readonly onClose: () => void;
};

/** Brings this server's build of the agent to hosts, and shows how far it is. */
export function UpgradeDialog({ hosts, opened, onClose }: Props): ReactNode {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={hosts.length === 1 ? `Upgrade the agent of ${hosts[0]?.name}` : 'Upgrade agents'}
      size="34rem"
    >
      <Upgrade hosts={hosts} onClose={onClose} />
    </Modal>
  );
}

function Upgrade({ hosts: given, onClose }: Omit<Props, 'opened'>): ReactNode {
  // Those that were asked about: a host that is done leaves the list of those to do.
  const [hosts] = useState(given);
  const { events, state, error, start } = useFollowed<UpgradeEvent>((signal) =>
    api.hosts.upgrade({ hosts: hosts.map(({ id }) => id) }, { signal }),
  );
  return (
    <div className={classes.body}>
      <p>
        {listWords(hosts.slice(0, 8).map(({ name }) => name))}
        {hosts.length > 8 && ` and ${hosts.length - 8} more`} {hosts.length === 1 ? 'gets' : 'get'} this server’s build
        of the agent{hosts.length > 1 && ', one after the other; it stops at the first that fails'}. Containers go on
        running, and the old agent is kept until the new one answers.
      </p>
      <ol className={classes.steps} aria-label="Progress" aria-live="polite">
        {lastSteps(events).map((event) => (
          <li key={event.host}>
            <StateMark look={stepLook(event)} />
            <span>
              <strong>{event.host}</strong> {stepLook(event).word}
              {event.message !== undefined && `: ${event.message}`}
            </span>
          </li>
        ))}
      </ol>
      {error !== undefined && (
        <p className={classes.refusal} role="alert">
          {refusalOf(error).message}
        </p>
      )}
      <div className={classes.buttons}>
        <Button onClick={onClose}>{state === 'idle' ? 'Keep' : 'Close'}</Button>
        {state !== 'ended' && (
          <Button variant="filled" loading={state === 'running'} onClick={start} data-autofocus>
            Upgrade
          </Button>
        )}
      </div>
    </div>
  );
}
