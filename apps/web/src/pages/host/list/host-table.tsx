import type { HostView } from '@drover/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StateMark } from '../../../ui/state-mark.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { useShownRows } from '../../../ui/use-shown-rows.tsx';
import { bytesWords } from '../../../words/bytes.ts';
import classes from '../host.module.css';
import { hostLook } from '../host-look.ts';
import { Labels } from '../labels.tsx';
import { LastSeen } from '../last-seen.tsx';
import { Unknown } from '../unknown.tsx';

const mostRows = 500;

const columns: readonly Column[] = [
  { name: 'Host' },
  { name: 'State' },
  { name: 'Engine', fit: true },
  { name: 'CPUs', align: 'right', fit: true },
  { name: 'Memory', align: 'right', fit: true },
  { name: 'Disk free', align: 'right', fit: true },
  { name: 'Labels' },
  { name: 'Agent', fit: true },
  { name: 'Last seen', fit: true },
];

/** Hosts side by side; undefined while they are read. */
export function HostTable({ hosts }: { readonly hosts: readonly HostView[] | undefined }): ReactNode {
  const { shown, more } = useShownRows(hosts, mostRows);
  return (
    <>
      <Table label="Hosts" columns={columns}>
        {shown === undefined ? (
          <SkeletonRows rows={3} widths={['7rem', '6rem', '3rem', '1rem', '4rem', '7rem', '6rem', '3rem', '2rem']} />
        ) : (
          shown.map((host) => <HostRow key={host.id} host={host} />)
        )}
      </Table>
      {more}
    </>
  );
}

function HostRow({ host }: { readonly host: HostView }): ReactNode {
  const { name, facts, agentVersion, upgradable, labels, problem } = host;
  const look = hostLook(host);
  const disk = facts?.disks[0];
  return (
    <tr>
      <td className={classes.nameCell}>
        <span className={classes.name}>
          <StateMark look={look} />
          <Link to="/hosts/$host" params={{ host: name }}>
            {name}
          </Link>
        </span>
      </td>
      <td className={classes.state}>
        {look.word}
        {problem !== undefined && <span className={classes.reason}>{problem}</span>}
      </td>
      <td data-fit>{facts?.engine?.version ?? <Unknown />}</td>
      <td data-align="right" data-fit>
        {facts?.cpus ?? <Unknown />}
      </td>
      <td data-align="right" data-fit>
        {facts === undefined ? <Unknown /> : bytesWords(facts.memoryBytes)}
      </td>
      <td data-align="right" data-fit>
        {disk === undefined ? <Unknown /> : `${bytesWords(disk.freeBytes)} of ${bytesWords(disk.totalBytes)}`}
      </td>
      <td className={classes.labelCell}>
        <Labels labels={labels} />
      </td>
      <td data-fit>
        {agentVersion ?? <Unknown />} {upgradable && <span className={classes.quiet}>old</span>}
      </td>
      <td data-fit className={classes.quiet}>
        <LastSeen host={host} />
      </td>
    </tr>
  );
}
