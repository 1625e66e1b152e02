import { InternalError } from '@drover/base';
import { type Route, routes } from './routes.ts';

/** Method, address and body of a call, as oRPC's OpenAPI codec in its compact form makes them. */
export function encodeCall(path: readonly string[], input: unknown): Route & { readonly body: string | undefined } {
  const route = routes[path[0] ?? '']?.[path[1] ?? ''];
  if (route === undefined) throw new InternalError(`the API has no route ${path.join('.')}`);
  const left: Record<string, unknown> = { ...(input as Record<string, unknown> | undefined) };
  let url = route.path.replace(/\{\+?([^}]+)\}/g, (_, name: string) => {
    const value = left[name];
    delete left[name];
    return encodeURIComponent(String(value));
  });
  if (route.method === 'GET') {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(left)) appendQuery(query, name, value);
    if (query.size > 0) url += `?${query}`;
    return { ...route, path: url, body: undefined };
  }
  return { ...route, path: url, body: Object.keys(left).length === 0 ? undefined : JSON.stringify(left) };
}

function appendQuery(query: URLSearchParams, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (typeof value === 'object')
    for (const [key, item] of Object.entries(value)) appendQuery(query, `${name}[${key}]`, item);
  else query.append(name, String(value));
}
