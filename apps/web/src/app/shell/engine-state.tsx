import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queries } from '../../api/client.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { useLiveState } from '../session/live-context.ts';
import classes from './sidebar.module.css';

/** Whether what is on show is true now: the event stream first, the engine behind it second. */
export function EngineState(): ReactNode {
  const live = useLiveState();
  const { data } = useQuery(queries.system.info.queryOptions());
  if (live === 'reconnecting')
    return (
      <Line
        mark={<StateMark look={{ tone: 'warn', shape: 'turning', word: '' }} />}
        first="Reconnecting…"
        second="What you see may be old"
      />
    );
  if (data === undefined) return <Line mark={null} first="Connecting…" second="" />;
  if (data.engine.state === 'unreachable')
    return (
      <Tooltip label={data.engine.reason ?? `Nothing answers at ${data.engine.endpoint}`}>
        <Line
          mark={<StateMark look={{ tone: 'bad', shape: 'cross', word: '' }} />}
          first="Engine unreachable"
          second={data.engine.reason ?? data.engine.endpoint}
        />
      </Tooltip>
    );
  return (
    <Line
      mark={<StateMark look={{ tone: 'good', shape: 'disc', word: '' }} />}
      first={data.engine.name ?? 'Connected'}
      second={`Docker ${data.engine.version ?? ''}`}
    />
  );
}

function Line({
  mark,
  first,
  second,
  ...rest
}: {
  readonly mark: ReactNode;
  readonly first: string;
  readonly second: string;
}): ReactNode {
  return (
    <div {...rest} className={classes.engine} role="status">
      <span>
        {mark}
        {first}
      </span>
      <span title={second}>{second || '\u00a0'}</span>
    </div>
  );
}
