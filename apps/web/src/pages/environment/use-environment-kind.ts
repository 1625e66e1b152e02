import type { EnvironmentKind } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/client.ts';
import { environment } from '../../api/environment.ts';

/** The kind of this page's environment; undefined until it is known. */
export function useEnvironmentKind(): EnvironmentKind | undefined {
  const { data } = useQuery(queries.environments.list.queryOptions());
  return data?.find(({ name }) => name === environment)?.kind;
}
