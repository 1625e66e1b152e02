import { contract, listRoutes } from '@drover/contract';
import { basePathOf, environmentIn, localEnvironment } from './environment-address.ts';

/**
 * The environment of this page. It is the same for as long as the page lives, and so are cache, event stream and router: another environment is
 * another page, loaded anew, so that nothing of one is ever shown as if it were of the other.
 */
export const environment: string = environmentIn(location.pathname);

/** What stands before the addresses of this page's environment. */
export const basePath: string = basePathOf(environment);

const serverRoutes: ReadonlySet<string> = new Set(
  listRoutes(contract)
    .filter(({ scope }) => scope === 'server')
    .map(({ name }) => name),
);

/** Where the API of a route is. A name such as `stacks.list`, or `raw.exec`. */
export function apiBaseOf(route: string): string {
  return environment === localEnvironment || serverRoutes.has(route) ? '/api' : `/api/environments/${environment}`;
}
