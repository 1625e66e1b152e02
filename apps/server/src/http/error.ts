import { DroverError, InternalError, messageOf } from '@drover/base';
import type { DiagnosticView } from '@drover/contract';
import { ORPCError } from '@orpc/server';
import { Refusal } from '../domain/refusal.ts';

type HttpErrorCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNPROCESSABLE_CONTENT'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_SERVER_ERROR'
  | 'BAD_GATEWAY'
  | 'SERVICE_UNAVAILABLE'
  | 'INSUFFICIENT_STORAGE';

/** The status of every code; an answer's code and status always go together. */
export const statusOf: Readonly<Record<HttpErrorCode, number>> = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNPROCESSABLE_CONTENT: 422,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  INSUFFICIENT_STORAGE: 507,
};

const refusals: Readonly<Record<Refusal['code'], HttpErrorCode>> = {
  invalid: 'BAD_REQUEST',
  'invalid-source': 'UNPROCESSABLE_CONTENT',
  'not-found': 'NOT_FOUND',
  taken: 'CONFLICT',
  busy: 'CONFLICT',
  'not-now': 'CONFLICT',
  'too-large': 'PAYLOAD_TOO_LARGE',
  'no-space': 'INSUFFICIENT_STORAGE',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  'too-many': 'TOO_MANY_REQUESTS',
  stopping: 'SERVICE_UNAVAILABLE',
};

/** What other packages throw, by their literal codes: answers of engines and agents, and what cannot be planned. */
const foreign: Readonly<Record<string, HttpErrorCode>> = {
  'bad-request': 'BAD_REQUEST',
  'not-found': 'NOT_FOUND',
  conflict: 'CONFLICT',
  unauthorized: 'BAD_GATEWAY',
  forbidden: 'CONFLICT',
  server: 'BAD_GATEWAY',
  unavailable: 'BAD_GATEWAY',
  unsupported: 'BAD_REQUEST',
  unreachable: 'BAD_GATEWAY',
  'connection-lost': 'BAD_GATEWAY',
  protocol: 'BAD_GATEWAY',
  message: 'BAD_GATEWAY',
  refused: 'BAD_GATEWAY',
  closed: 'BAD_GATEWAY',
  busy: 'BAD_GATEWAY',
  timeout: 'BAD_GATEWAY',
  aborted: 'SERVICE_UNAVAILABLE',
  plan: 'UNPROCESSABLE_CONTENT',
};

export type HttpError = ORPCError<HttpErrorCode, { reason: string; diagnostics?: DiagnosticView[] }>;

/**
 * The one place where errors become answers. What is no `DroverError` is a bug: `report` is told, the caller learns nothing of
 * it but that.
 */
export function toHttpError(thrown: unknown, report: (bug: unknown) => void): HttpError {
  const invalid = toInvalidInput(thrown);
  if (invalid !== undefined) return invalid;
  if (thrown instanceof Refusal) {
    return httpError(refusals[thrown.code], thrown.message, {
      reason: thrown.code,
      ...(thrown.diagnostics.length === 0 ? {} : { diagnostics: [...thrown.diagnostics] }),
    });
  }
  if (thrown instanceof DroverError && !(thrown instanceof InternalError)) {
    const code = Object.hasOwn(foreign, thrown.code) ? foreign[thrown.code] : undefined;
    if (code !== undefined) return httpError(code, thrown.message, { reason: thrown.code });
  }
  if (isDiskFull(thrown)) {
    const message = 'the disk with Drover’s data folder is full; free some space there and try again';
    return httpError('INSUFFICIENT_STORAGE', message, { reason: 'no-space' });
  }
  report(thrown);
  return httpError('INTERNAL_SERVER_ERROR', 'Drover failed at this; its log says more', { reason: 'internal' });
}

/** SQLite's own numbers: 13 is a full disk, 4874 a shared-memory file that cannot grow. */
const fullDisk: readonly unknown[] = ['ENOSPC', 'EDQUOT', 13, 4874];

function isDiskFull(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code, errcode } = thrown as { code?: unknown; errcode?: unknown };
  return fullDisk.includes(code) || fullDisk.includes(errcode) || isDiskFull(thrown.cause);
}

/** An answer that says no in one sentence. */
export function httpError(
  code: HttpErrorCode,
  message: string,
  data: { reason: string; diagnostics?: DiagnosticView[] },
): HttpError {
  return new ORPCError(code, { status: statusOf[code], defined: true, message, data });
}

/** What the schema of a route says of an input, in one sentence. */
function toInvalidInput(thrown: unknown): HttpError | undefined {
  if (!(thrown instanceof ORPCError)) return undefined;
  if (thrown.code !== 'BAD_REQUEST') {
    return Object.hasOwn(statusOf, thrown.code) && thrown.defined ? (thrown as HttpError) : undefined;
  }
  const issues = readIssues(thrown.data);
  const first = issues[0];
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const sentence = first === undefined ? messageOf(thrown) : `${first.path || 'the request'}: ${first.message}${more}`;
  return httpError('BAD_REQUEST', sentence, { reason: 'invalid' });
}

interface Issue {
  readonly path: string;
  readonly message: string;
}

function readIssues(data: unknown): Issue[] {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues)) return [];
  return data.issues.map((issue: { message?: unknown; path?: unknown }) => ({
    path: Array.isArray(issue.path) ? issue.path.map(pathSegment).join('.') : '',
    message: String(issue.message ?? 'is not valid'),
  }));
}

function pathSegment(segment: unknown): string {
  return String(typeof segment === 'object' && segment !== null && 'key' in segment ? segment.key : segment);
}
