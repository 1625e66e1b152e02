import { isContractProcedure } from '@orpc/contract';
import { contract } from './contract.ts';
import { rawRoutes } from './raw.ts';
import type { Permission, RouteMeta, RouteScope } from './route.ts';

/** One route of the API as the outside sees it. `path` is below `/api`, with `{parameters}`. */
export interface RouteDescription {
  /** Its place in the contract, `stacks.deploy`; raw routes are `raw.putBlob`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly kind: 'json' | 'upload' | 'websocket' | 'text';
  /** Absent: nobody may use it, and the server does not start. */
  readonly permission: Permission | undefined;
  readonly scope: RouteScope;
}

/** Every route of the API, those whose bodies are bytes too. */
export function listRoutes(routes: unknown = contract): RouteDescription[] {
  const raw = Object.entries(rawRoutes).map(([name, route]) => ({ name: `raw.${name}`, ...route }));
  return [...collectProcedures(routes, []), ...raw];
}

function collectProcedures(node: unknown, path: readonly string[]): RouteDescription[] {
  if (isContractProcedure(node)) {
    const { route, meta } = node['~orpc'];
    return [
      {
        name: path.join('.'),
        method: route.method ?? 'POST',
        path: route.path ?? '',
        kind: 'json',
        permission: (meta as RouteMeta).permission,
        scope: (meta as RouteMeta).scope ?? 'environment',
      },
    ];
  }
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => collectProcedures(value, [...path, key]));
}
