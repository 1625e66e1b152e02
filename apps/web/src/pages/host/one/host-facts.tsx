import type { HostView } from '@drover/contract';
import type { ReactNode } from 'react';
import { Ago } from '../../../ui/ago.tsx';
import { bytesWords } from '../../../words/bytes.ts';
import classes from '../host.module.css';
import { LastSeen } from '../last-seen.tsx';
import { Unknown } from '../unknown.tsx';
import { Facts } from './facts.tsx';

/** What a machine is, as its agent said when it last connected. */
export function HostFacts({ host }: { readonly host: HostView }): ReactNode {
  const { facts, agentVersion, upgradable, address, joinedAt, certificateExpiresAt } = host;
  const told = (words: ReactNode): ReactNode => (facts === undefined ? <Unknown /> : words);
  const engine = facts?.engine;
  return (
    <Facts
      label="Facts"
      facts={[
        ['Machine', told(facts?.hostname)],
        ['System', told(facts?.distribution)],
        ['Kernel', told(`${facts?.kernel}, ${facts?.architecture}`)],
        [
          'Engine',
          engine === undefined
            ? told(`does not answer: ${facts?.engineProblem ?? 'the agent gives no reason'}`)
            : `Docker ${engine.version}, API ${engine.apiVersion}`,
        ],
        ['Size', told(facts && `${facts.cpus} CPUs, ${bytesWords(facts.memoryBytes)} of memory`)],
        ['Disks', told(facts && <Disks disks={facts.disks} />)],
        [
          'Agent',
          <>
            {agentVersion ?? <Unknown />}
            {upgradable && <span className={classes.quiet}> this server has another build</span>}
          </>,
        ],
        ['Dials from', address ?? <Unknown />],
        ['Last seen', <LastSeen key="seen" host={host} />],
        ['Joined', <Ago key="joined" at={joinedAt} />],
        [
          'Certificate',
          <>
            ends <Ago at={certificateExpiresAt} />, renewed by itself
          </>,
        ],
      ]}
    />
  );
}

function Disks({
  disks,
}: {
  readonly disks: readonly { readonly path: string; readonly totalBytes: number; readonly freeBytes: number }[];
}): ReactNode {
  if (disks.length === 0) return <Unknown />;
  return disks.map(({ path, totalBytes, freeBytes }) => (
    <div key={path}>
      <code>{path}</code>: {bytesWords(freeBytes)} of {bytesWords(totalBytes)} free
    </div>
  ));
}
