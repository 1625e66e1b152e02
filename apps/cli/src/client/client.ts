import type { Contract } from '@drover/contract';
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { HttpLink } from './link.ts';

export type ApiClient = ContractRouterClient<Contract>;

/** The contract as functions: `client.stacks.list()`. */
export function createClient(link: HttpLink): ApiClient {
  return createORPCClient<ApiClient>({
    call: (path, input, options) => link.call(path, input, { signal: options.signal }),
  });
}
