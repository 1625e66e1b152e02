import type { ServiceView } from '@drover/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { StateMark } from '../../../ui/state-mark.tsx';
import { containerLook } from '../../container/container-look.ts';
import classes from './services-page.module.css';

/** So many containers are shown one by one. */
const most = 24;

/** The containers of a service, each a sign that leads to it, and a gap for each that is wanted and not there. */
export function Instances({
  service,
  stopped,
}: {
  readonly service: ServiceView;
  readonly stopped: boolean;
}): ReactNode {
  const { containers, wanted, completed } = service;
  const missing = stopped || completed ? 0 : Math.max(0, wanted - containers.length);
  return (
    <span className={classes.instances}>
      {containers.slice(0, most).map((container) => {
        const look = containerLook(container);
        const on = container.host === undefined ? '' : ` on ${container.host}`;
        return (
          <Link
            key={container.id}
            to="/containers/$id/logs"
            params={{ id: container.name }}
            className={classes.instance}
            title={`${container.name}${on}: ${container.status}`}
            aria-label={`${container.name}: ${look.word}${on}`}
          >
            <StateMark look={look} />
            {container.number ?? '?'}
            {container.host !== undefined && <span className={classes.host}>{container.host}</span>}
          </Link>
        );
      })}
      {containers.length > most && <span className={classes.quiet}>+{containers.length - most}</span>}
      {Array.from({ length: Math.min(missing, most) }, (_, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: what is missing has no identity
          key={index}
          className={`${classes.instance} ${classes.missing}`}
          title="Wanted, but not there"
        >
          –
        </span>
      ))}
    </span>
  );
}
