import { EngineError, type EngineErrorCode } from '../engine-error.ts';

const statusOf: { readonly [code in EngineErrorCode]: number | null } = {
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  server: 500,
  unsupported: 501,
  'build-failed': null,
  unavailable: 503,
  'version-conflict': 500,
  'not-in-swarm': 503,
  'already-in-swarm': 503,
  'not-a-manager': 503,
  'swarm-locked': 503,
  'no-leader': 500,
  unreachable: null,
  'connection-lost': null,
  aborted: null,
  protocol: null,
};

/** A refusal inside the fake; the border adds what was being done. */
export class Refusal extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, reason: string) {
    super(reason);
    this.code = code;
  }

  toEngineError(doing: string): EngineError {
    return new EngineError({ code: this.code, doing, reason: this.message, status: statusOf[this.code] });
  }
}

export function notFound(reason: string): Refusal {
  return new Refusal('not-found', reason);
}

export function conflict(reason: string): Refusal {
  return new Refusal('conflict', reason);
}
