import { InternalError } from '@drover/base';
import { listRoutes, type Permission, type RouteDescription } from '@drover/contract';

/** A route that may be served: its permission is known. */
export interface ServedRoute extends RouteDescription {
  readonly permission: Permission;
}

export interface RouteMatch {
  readonly route: ServedRoute;
  readonly parameters: ReadonlyMap<string, string>;
}

export interface RouteTable {
  readonly routes: readonly ServedRoute[];
  /** The route of a path below `/api` (and the prefix of an environment), or `other-method` where the path is known and the method is not. */
  find(method: string, path: string): RouteMatch | 'other-method' | undefined;
}

/** The API's own document, beside what the contract describes. */
export const openApiRoute: ServedRoute = {
  name: 'raw.openApi',
  method: 'GET',
  path: '/openapi.json',
  kind: 'json',
  permission: 'read',
  scope: 'server',
};

/** Makes the table; throws for a route that declares no permission, so that such a server does not start. */
export function createRouteTable(routes: readonly RouteDescription[] = [...listRoutes(), openApiRoute]): RouteTable {
  const served = routes.map((route): ServedRoute => {
    if (route.permission === undefined)
      throw new InternalError(
        `starting: the route ${route.method} ${route.path} (${route.name}) declares no permission`,
      );
    return { ...route, permission: route.permission };
  });
  const patterns = served.map((route) => ({ route, segments: route.path.split('/').slice(1) }));
  // Fixed words before parameters: `/session/link` is not the parameter of another route.
  patterns.sort((a, b) => countParameters(a.segments) - countParameters(b.segments));
  return {
    routes: served,
    find(method, path) {
      const words = path.replace(/^\/|\/$/g, '').split('/');
      let sawPath = false;
      for (const { route, segments } of patterns) {
        const parameters = match(segments, words);
        if (parameters === undefined) continue;
        if (route.method === method) return { route, parameters };
        sawPath = true;
      }
      return sawPath ? 'other-method' : undefined;
    },
  };
}

function match(segments: readonly string[], words: readonly string[]): Map<string, string> | undefined {
  if (segments.length !== words.length) return undefined;
  const parameters = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const word = words[index] ?? '';
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name === undefined) {
      if (segment !== word) return undefined;
      continue;
    }
    const value = decode(word);
    if (value === undefined || value === '') return undefined;
    parameters.set(name, value);
  }
  return parameters;
}

function decode(word: string): string | undefined {
  try {
    return decodeURIComponent(word);
  } catch {
    return undefined;
  }
}

function countParameters(segments: readonly string[]): number {
  return segments.filter((segment) => segment.startsWith('{')).length;
}
