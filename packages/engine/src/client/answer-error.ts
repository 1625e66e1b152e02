import type { IncomingMessage } from 'node:http';
import { EngineError, type EngineErrorCode } from '../engine-error.ts';

/** The engine's refusal as an error, with its own message where it sent one. */
export function engineAnswer(
  response: IncomingMessage,
  body: string,
  { doing, asksRegistry }: { readonly doing: string; readonly asksRegistry: boolean },
): EngineError {
  const status = response.statusCode ?? 0;
  const told = messageIn(body);
  const rpc = /^rpc error: code = (\w+) desc = /.exec(told);
  const message = told.slice(rpc?.[0].length ?? 0);
  if (asksRegistry && status >= 500 && message !== '') return progressError(message, undefined, doing);
  return new EngineError({
    code: codeOfSwarm(message, rpc?.[1]) ?? codeOf(status),
    doing,
    reason: message || `the engine answered ${status}`,
    status,
  });
}

/**
 * The kinds of a manager's refusals that callers act upon. The engine answers most of them with 500 or 503, so that only
 * the words of its source tell them apart (moby `daemon/cluster/errors.go`, swarmkit `manager/state/raft/raft.go`).
 */
const swarmRefusals: readonly (readonly [RegExp, EngineErrorCode])[] = [
  [/\bupdate out of sequence$/, 'version-conflict'],
  [/^This node is not a swarm manager\. Use "docker swarm init"|^This node is not part of a swarm/, 'not-in-swarm'],
  [/^This node is not a swarm manager\./, 'not-a-manager'],
  [/^This node is already part of a swarm\./, 'already-in-swarm'],
  [/^Swarm is encrypted and /, 'swarm-locked'],
  [/^invalid join token|join token is necessary|^remote CA does not match fingerprint/, 'unauthorized'],
  [/The swarm does not have a leader\.|node lost leader status|no elected cluster leader/, 'no-leader'],
];

function codeOfSwarm(message: string, rpcCode: string | undefined): EngineErrorCode | null {
  for (const [words, code] of swarmRefusals) if (words.test(message)) return code;
  // Whether it took effect is unknown: a manager waits for the others while it loses or finds its leader.
  return rpcCode === 'DeadlineExceeded' ? 'unavailable' : null;
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
