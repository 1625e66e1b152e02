import { localEnvironment } from '../domain/environment/environment-store.ts';

/** Where a request goes, once the prefix of its environment is taken off. */
export interface ApiAddress {
  /** The name that the prefix gives, as it stands there; `local` where there is none. It may be the name of no environment. */
  readonly environment: string;
  /** `/environments/NAME`, or nothing. */
  readonly prefix: string;
  /** The path below `/api` and below the prefix. */
  readonly path: string;
}

/**
 * Takes the prefix of an environment off a path below `/api`, whose dot segments are resolved. This is the one place that knows it: routes
 * are the same for all environments. A name is taken as it stands: no name needs escaping, so what is escaped names none.
 */
export function parseApiPath(path: string): ApiAddress {
  const [prefix, name, rest] = /^\/environments\/([^/]*)(?=(\/.+))/.exec(path) ?? [];
  if (prefix === undefined || name === undefined || rest === undefined)
    return { environment: localEnvironment, prefix: '', path };
  return { environment: name, prefix, path: rest };
}
