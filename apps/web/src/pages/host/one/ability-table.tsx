import type { HostFactsView } from '@drover/contract';
import type { ReactNode } from 'react';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { StateMark } from '../../../ui/state-mark.tsx';
import { abilityWords } from '../abilities.ts';
import { Unknown } from '../unknown.tsx';
import { Facts } from './facts.tsx';

const names = ['IPVS', 'ESP', 'WireGuard', 'CRIU', 'cgroup 2'];

/** What a kernel can do, and what the lack of the rest means. */
export function AbilityTable({
  abilities,
  isRead,
}: {
  readonly abilities: HostFactsView['abilities'] | undefined;
  readonly isRead: boolean;
}): ReactNode {
  if (abilities === undefined)
    return (
      <Facts
        label="What its kernel can do"
        facts={names.map((name) => [name, isRead ? <Unknown key={name} /> : <Skeleton key={name} width="12rem" />])}
      />
    );
  return (
    <Facts
      label="What its kernel can do"
      facts={abilityWords(abilities).map(({ name, can, means }) => [
        name,
        <>
          <StateMark look={{ tone: can ? 'good' : 'warn', shape: can ? 'tick' : 'triangle', word: '' }} />{' '}
          {can ? 'Yes' : 'No'}: {means}
        </>,
      ])}
    />
  );
}
