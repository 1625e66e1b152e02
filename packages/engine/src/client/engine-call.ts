import type { OutgoingHttpHeaders } from 'node:http';
import type { CallOptions, Filters } from '../call-options.ts';
import { EngineError } from '../engine-error.ts';
import type { ByteSource } from '../model/stream.ts';
import type { OutgoingRequest } from '../transport/transport.ts';

/** Values of a query; what is undefined is left out, `true` is 1 and `false` 0. */
export type Query = { readonly [name: string]: string | number | boolean | readonly string[] | undefined };

/** One call of the Engine API, before the version is in its path. */
export interface EngineCall {
  readonly method: OutgoingRequest['method'];
  /** After the version: `/containers/json`. */
  readonly path: string;
  readonly query?: Query;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: { readonly type: string; readonly bytes: ByteSource };
  /** The engine asks a registry for this, and reports its refusals as failures of its own. */
  readonly asksRegistry?: boolean;
  /** What is being done, unless the caller says better. */
  readonly doing: string;
  readonly options: CallOptions | undefined;
}

/** What an error needs to know of a call. */
export interface CallScope {
  readonly doing: string;
  readonly signal: AbortSignal | undefined;
}

/** One request, and how its refusals are to be read. */
export interface Outgoing extends OutgoingRequest {
  readonly asksRegistry: boolean;
}

/** The request of a call, under the given path. */
export function outgoingOf(call: EngineCall, path: string): Outgoing {
  const { doing, signal } = scopeOf(call);
  const json = call.json === undefined ? null : JSON.stringify(call.json);
  const type = json === null ? call.body?.type : 'application/json';
  return {
    method: call.method,
    path: `${path}${queryText(call.query)}`,
    headers: { ...call.headers, ...(type === undefined ? {} : { 'Content-Type': type }) },
    body: json ?? call.body?.bytes ?? null,
    signal,
    doing,
    asksRegistry: call.asksRegistry === true,
  };
}

/** What errors of a call say that was being done, and what ends it. */
export function scopeOf({ doing, options }: EngineCall): CallScope {
  return { doing: options?.doing ?? doing, signal: options?.signal };
}

function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    if (typeof value === 'boolean') parameters.append(name, value ? '1' : '0');
    else if (typeof value === 'object') for (const item of value) parameters.append(name, item);
    else parameters.append(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** Filters as the query takes them. */
export function filterText(filters: Filters | undefined): string | undefined {
  return filters === undefined || Object.keys(filters).length === 0 ? undefined : JSON.stringify(filters);
}

/** One part of a path. What would change the path's shape is no name of anything. */
export function segment(name: string, doing: string): string {
  if (name === '' || name === '.' || name === '..' || name.includes('\0')) {
    throw new EngineError({ code: 'bad-request', doing, reason: `"${name}" is no name` });
  }
  return encodeURIComponent(name);
}

/** The name of an image in a path, where slashes belong to it. */
export function imagePath(image: string, doing: string): string {
  return image
    .split('/')
    .map((part) => segment(part, doing).replaceAll('%3A', ':').replaceAll('%40', '@'))
    .join('/');
}
