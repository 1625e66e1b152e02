import type { EnvironmentKind } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/client.ts';
import { environment } from '../../api/environment.ts';
import { localEnvironment } from '../../api/environment-address.ts';

/** The kind of this page's environment; undefined until it is known. */
export function useEnvironmentKind(): EnvironmentKind | undefined {
  const { data } = useQuery(queries.environments.list.queryOptions());
  if (environment === localEnvironment) return 'engine';
  return data?.find(({ name }) => name === environment)?.kind;
}
