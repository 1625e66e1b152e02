import type { StackView } from '@drover/contract';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { queries } from '../../api/client.ts';

/** The stack of this name, kept true by events. */
export function useStack(name: string): UseQueryResult<StackView> {
  return useQuery(queries.stacks.get.queryOptions({ input: { name } })) as UseQueryResult<StackView>;
}
