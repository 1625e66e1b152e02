import { type Contract, contract } from '@drover/contract';
import { createORPCClient, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { JsonifiedClient } from '@orpc/openapi-client';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { apiBaseOf } from './environment.ts';
import { readToken, writeToken } from './token.ts';

/** `token` stands in for the kept one, to try a token before it is kept. */
type Context = { readonly token?: string };
export type ApiClient = JsonifiedClient<ContractRouterClient<Contract, Context>>;

const link = new OpenAPILink<Context>(contract, {
  url: (_, path) => location.origin + apiBaseOf(path.join('.')),
  headers: ({ context }) => {
    const token = context.token ?? readToken();
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  },
  fetch: (request, init) => fetch(request, { ...init, credentials: 'omit', cache: 'no-store' }),
  interceptors: [
    async ({ next, path, context }) => {
      try {
        return await next();
      } catch (error) {
        // A token that is no longer good is forgotten, which brings the sign-in page.
        const refused = error instanceof ORPCError && error.code === 'UNAUTHORIZED';
        if (refused && context.token === undefined && path[1] !== 'exchange') writeToken(undefined);
        throw error;
      }
    },
  ],
});

/** The typed client of the HTTP API. */
export const api: ApiClient = createORPCClient(link);

/** The same as queries and mutations; their keys begin with the path of the route. */
export const queries = createTanstackQueryUtils(api);
