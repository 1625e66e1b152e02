import type { HostFactsView } from '@drover/contract';
import type { ReactNode } from 'react';
import { type StateLook, StateMark } from '../../../ui/state-mark.tsx';
import { abilityWords } from '../abilities.ts';
import { Unknown } from '../unknown.tsx';
import { Facts } from './facts.tsx';

const names = ['IPVS', 'ESP', 'WireGuard', 'CRIU', 'cgroup 2'];

const able: StateLook = { tone: 'good', shape: 'tick', word: '' };
const lacking: StateLook = { tone: 'warn', shape: 'triangle', word: '' };
const idle: StateLook = { tone: 'idle', shape: 'dashed', word: '' };

/** What a kernel can do, and what the lack of the rest means. */
export function AbilityTable({ abilities }: { readonly abilities: HostFactsView['abilities'] | undefined }): ReactNode {
  if (abilities === undefined)
    return (
      <Facts label="What its kernel can do" facts={names.map((name) => [name, <Unknown key={name} />] as const)} />
    );
  return (
    <Facts
      label="What its kernel can do"
      facts={abilityWords(abilities).map(({ name, can, means, matters }) => [
        name,
        <>
          <StateMark look={can ? able : matters ? lacking : idle} /> {can ? 'Yes' : 'No'}: {means}
        </>,
      ])}
    />
  );
}
