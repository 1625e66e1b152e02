import { ORPCError } from '@orpc/client';
import { QueryClient } from '@tanstack/react-query';

/**
 * The cache of everything that was read. Nothing is read again by time or by focus: the event stream says what changed
 * (`live-events.ts`).
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // An answer of the server is final; only a connection that broke is tried again.
        retry: (failures, error) => !(error instanceof ORPCError) && failures < 2,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}
