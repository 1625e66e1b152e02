import { contract, type RouteMeta, type RouteScope } from '@drover/contract';

export type Route = { readonly method: string; readonly path: string; readonly scope: RouteScope };

/**
 * Method, path and scope of every route of the API, by resource and name. The bundler evaluates this module and keeps the table
 * alone, so that the command line starts without the schemas (see bootstrap/bundle.mjs).
 */
export const routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = Object.fromEntries(
  Object.entries(contract).map(([resource, procedures]) => [
    resource,
    Object.fromEntries(
      Object.entries(procedures).map(([name, procedure]) => {
        const { method = 'POST', path = `/${resource}/${name}` } = procedure['~orpc'].route;
        const { scope = 'environment' }: RouteMeta = procedure['~orpc'].meta;
        return [name, { method, path, scope }];
      }),
    ),
  ]),
);
