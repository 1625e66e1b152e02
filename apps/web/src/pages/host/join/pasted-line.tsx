import type { CreatedTokenView, HostView } from '@drover/contract';
import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { queries } from '../../../api/client.ts';
import { Ago } from '../../../ui/ago.tsx';
import { CopiedText } from '../../../ui/copied-text.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { StateMark } from '../../../ui/state-mark.tsx';
import { hostLook } from '../host-look.ts';
import classes from './add-host-dialog.module.css';
import { cameBy } from './token-look.ts';

type Way = 'machine' | 'container';

/** The line of a new token, shown this once, and the hosts that come by it. */
export function PastedLine({
  token,
  onClose,
}: {
  readonly token: CreatedTokenView;
  readonly onClose: () => void;
}): ReactNode {
  const { environment, uses, expiresAt, command, containerCommand, warning } = token;
  const [way, setWay] = useState<Way>('machine');
  const { data } = useQuery(queries.hosts.list.queryOptions({ input: { environment } }));
  const came = cameBy((data ?? []) as readonly HostView[], token);
  return (
    <div className={classes.body}>
      <SegmentedControl<Way>
        aria-label="How the agent runs"
        className={classes.ways ?? ''}
        data={[
          { value: 'machine', label: 'As a service of the machine' },
          { value: 'container', label: 'As a container' },
        ]}
        value={way}
        onChange={setWay}
      />
      <div>
        <p className={classes.what}>
          Paste this as root on {uses === 1 ? 'the machine' : `each of up to ${uses} machines`}. It is shown only now
          and ends <Ago at={expiresAt} />; run again on the same machine, it repairs.
        </p>
        <CopiedText text={way === 'machine' ? command : containerCommand} label="The line to paste" />
      </div>
      {warning !== undefined && (
        <Notice tone="warn">
          <strong>Mind this first:</strong> {warning}.
        </Notice>
      )}
      <ul className={classes.came} aria-label="Hosts that came by it" aria-live="polite">
        {came.map((host) => (
          <li key={host.id}>
            <StateMark look={hostLook(host)} />
            <Link to="/hosts/$host" params={{ host: host.name }} onClick={onClose}>
              {host.name}
            </Link>
            <span>
              {hostLook(host).word}
              {host.problem !== undefined && `: ${host.problem}`}
            </span>
          </li>
        ))}
        {came.length < uses && (
          <li>
            <StateMark look={{ tone: 'progress', shape: 'turning', word: '' }} />
            <span>{came.length === 0 ? 'Waiting for the machine…' : 'Waiting for more…'}</span>
          </li>
        )}
      </ul>
      <div className={classes.buttons}>
        <Button variant="filled" onClick={onClose}>
          {came.length === 0 ? 'Close' : 'Done'}
        </Button>
      </div>
    </div>
  );
}
