import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queries } from '../../api/client.ts';
import { environment } from '../../api/environment.ts';
import { Page } from '../../ui/page.tsx';

/** Shows the pages of an environment that is there, and says so of one that is not (any more). */
export function EnvironmentGate({ children }: { readonly children: ReactNode }): ReactNode {
  const { data } = useQuery(queries.environments.list.queryOptions());
  if (data === undefined || data.some(({ name }) => name === environment)) return children;
  return (
    <Page name="No such environment" title="There is no such environment">
      <p>
        None has the name <strong>{environment}</strong>. <a href="/stacks">Go to the environment of this server</a>
      </p>
    </Page>
  );
}
