import type { IncomingMessage } from 'node:http';
import { EngineError, type EngineErrorCode } from '../engine-error.ts';

/** The engine's refusal as an error, with its own message where it sent one. */
export function engineAnswer(
  response: IncomingMessage,
  body: string,
  { doing, asksRegistry }: { readonly doing: string; readonly asksRegistry: boolean },
): EngineError {
  const status = response.statusCode ?? 0;
  const message = messageIn(body);
  if (asksRegistry && status >= 500 && message !== '') return progressError(message, undefined, doing);
  return new EngineError({
    code: codeOf(status),
    doing,
    reason: message || `the engine answered ${status}`,
    status,
  });
}

function codeOf(status: number): EngineErrorCode {
  switch (status) {
    case 400:
    case 406:
    case 412:
    case 413:
      return 'bad-request';
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 409:
      return 'conflict';
    case 501:
      return 'unsupported';
    case 503:
      return 'unavailable';
    default:
      return status >= 300 && status < 400 ? 'protocol' : status < 500 ? 'bad-request' : 'server';
  }
}

function messageIn(body: string): string {
  try {
    const read: unknown = JSON.parse(body);
    if (typeof read === 'object' && read !== null && 'message' in read && typeof read.message === 'string')
      return read.message.trim();
  } catch {
    // Proxies, and the daemon's own router, answer plain text.
  }
  return body.trim().slice(0, 500);
}

/** An error that came as a line of progress inside an answer of status 200. */
export function progressError(message: string, code: number | undefined, doing: string): EngineError {
  return new EngineError({ code: codeOfProgress(message, code), doing, reason: message.trim(), status: code ?? null });
}

function codeOfProgress(message: string, code: number | undefined): EngineErrorCode {
  if (code !== undefined && code >= 400) return codeOf(code);
  if (/\b(unauthorized|denied|authentication required|no basic auth credentials)\b/i.test(message))
    return 'unauthorized';
  if (/\b(manifest unknown|not found|name unknown|no such image)\b/i.test(message)) return 'not-found';
  return 'server';
}
