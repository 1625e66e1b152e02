import type { Permission, RouteScope } from './route.ts';

/**
 * Routes whose bodies are bytes. They stand beside the JSON contract, under the same authorisation function and in the same
 * OpenAPI document.
 *
 * `exec` and `attach` are WebSockets: the client sends a first text frame (`ExecStart`; empty object for attach), then binary
 * frames of standard input and text frames `ExecControl`; the server sends binary frames whose first byte is 1 (stdout) or
 * 2 (stderr), and a last text frame `ExecEnd`, then closes with 1000. A refusal closes with 1008 and its sentence.
 */
export const rawRoutes = {
  /** Every container of the environment in a few words (`SlimContainer[]`). */
  containerList: { method: 'GET', path: '/container-list', permission: 'read', kind: 'text', scope: 'environment' },
  putBlob: { method: 'PUT', path: '/blobs/{sha256}', permission: 'deploy', kind: 'upload', scope: 'server' },
  exec: {
    method: 'GET',
    path: '/containers/{id}/exec',
    permission: 'operate',
    kind: 'websocket',
    scope: 'environment',
  },
  attach: {
    method: 'GET',
    path: '/containers/{id}/attach',
    permission: 'operate',
    kind: 'websocket',
    scope: 'environment',
  },
} as const satisfies Record<
  string,
  { method: string; path: string; permission: Permission; kind: 'upload' | 'websocket' | 'text'; scope: RouteScope }
>;

/** The WebSocket's ticket travels in its URL: `?ticket=…`, good once. */
export type ExecStart = {
  readonly command?: readonly string[];
  readonly tty?: boolean;
  readonly interactive?: boolean;
  readonly user?: string;
  readonly workdir?: string;
  readonly environment?: readonly string[];
  readonly privileged?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};
export type ExecControl =
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly type: 'end-of-input' };
export type ExecEnd =
  | { readonly type: 'exit'; readonly exitCode: number }
  | { readonly type: 'error'; readonly message: string };
