import type { DeployOptions, PlanView, SourceView } from '@drover/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { queries } from '../../../api/client.ts';
import { type RefusalView, refusalOf } from '../../../api/refusal.ts';
import { toInput } from './source-edit.ts';

export type PlanState =
  | { readonly kind: 'none' }
  | { readonly kind: 'planning' }
  | { readonly kind: 'planned'; readonly plan: PlanView; readonly current: boolean }
  | { readonly kind: 'refused'; readonly refusal: RefusalView };

/** Typing pauses this long before the server is asked, in milliseconds. */
const pause = 500;

type Input = {
  readonly name: string;
  readonly source: SourceView;
  readonly options: Partial<DeployOptions>;
};

/** What a deploy of this source would do; asks nothing while `enabled` is false. Events of the engine ask anew. */
export function usePlan(input: Input, enabled: boolean): PlanState {
  const [settled, setSettled] = useState(input);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(input), pause);
    return () => clearTimeout(timer);
  }, [input]);
  const { data, error, isFetching, isPlaceholderData } = useQuery(
    queries.stacks.plan.queryOptions({
      input: { name: settled.name, source: toInput(settled.source), options: settled.options as DeployOptions },
      enabled: enabled && settled === input,
      placeholderData: keepPreviousData,
      gcTime: 10_000,
    }),
  );
  if (!enabled) return { kind: 'none' };
  if (error !== null && settled === input && !isFetching) return { kind: 'refused', refusal: refusalOf(error) };
  if (data === undefined) return { kind: 'planning' };
  return { kind: 'planned', plan: data as PlanView, current: settled === input && !isPlaceholderData && !isFetching };
}
