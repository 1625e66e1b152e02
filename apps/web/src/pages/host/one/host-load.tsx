import { type HostLoadView, type HostState, hostDisabledReason } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queries } from '../../../api/client.ts';
import { refusalOf } from '../../../api/refusal.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { bytesWords } from '../../../words/bytes.ts';
import classes from '../host.module.css';

/** Nothing tells of load, so it is asked for, while somebody looks at it; in milliseconds. */
const every = 2500;

type Meter = { readonly name: string; readonly share: number; readonly value: string; readonly about: string };

/** How busy a host is now. */
export function HostLoad({ id, state }: { readonly id: string; readonly state: HostState | undefined }): ReactNode {
  const reason = state && hostDisabledReason('load', state);
  const { data, error } = useQuery({
    ...queries.hosts.load.queryOptions({ input: { host: id } }),
    enabled: state !== undefined && reason === undefined,
    refetchInterval: every,
    gcTime: 0,
  });
  const load = reason === undefined ? (data as HostLoadView | undefined) : undefined;
  const unknown = reason ?? (error === null ? undefined : refusalOf(error).message);
  return (
    <dl className={classes.usage} aria-label="Load">
      {meters(load).map(({ name, share, value, about }) => (
        <div key={name} className={classes.card}>
          <dt>{name}</dt>
          <dd>
            {load !== undefined ? (
              value
            ) : unknown === undefined ? (
              <Skeleton width="5rem" height="1.25rem" />
            ) : (
              'unknown'
            )}
          </dd>
          <small>{load === undefined ? unknown : about}</small>
          <div className={classes.meter}>
            <span style={{ width: `${Math.min(1, share) * 100}%` }} />
          </div>
        </div>
      ))}
    </dl>
  );
}

function meters(load: HostLoadView | undefined): Meter[] {
  const { cpu = 0, memoryUsedBytes = 0, memoryBytes = 0 } = load ?? {};
  const disk = load?.disks[0];
  const used = disk === undefined ? 0 : disk.totalBytes - disk.freeBytes;
  return [
    { name: 'CPU', share: cpu, value: `${Math.round(cpu * 100)} %`, about: 'of all processors together' },
    {
      name: 'Memory',
      share: memoryBytes === 0 ? 0 : memoryUsedBytes / memoryBytes,
      value: bytesWords(memoryUsedBytes),
      about: `of ${bytesWords(memoryBytes)}`,
    },
    {
      name: 'Disk',
      share: disk === undefined || disk.totalBytes === 0 ? 0 : used / disk.totalBytes,
      value: disk === undefined ? 'unknown' : bytesWords(used),
      about: disk === undefined ? 'the agent names no disk' : `of ${bytesWords(disk.totalBytes)} at ${disk.path}`,
    },
  ];
}
