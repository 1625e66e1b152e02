import type { Permission } from '@drover/contract';

/** Who asks. `ended` fires when the credential ends, and with it every stream that was opened with it. */
export interface Principal {
  readonly name: string;
  readonly kind: 'admin-token' | 'session' | 'ticket';
  /** What a credential of the kind may do. */
  readonly permissions: ReadonlySet<Permission>;
  readonly ended: AbortSignal;
  /** Names the session, to end it. */
  readonly session?: string;
}

export type Verdict = 'allowed' | 'unauthenticated' | 'forbidden';

/**
 * The one place that decides whether a request may go on: API, stream and WebSocket alike. What is not allowed is denied: a
 * route without a permission, a caller without a credential, a permission that the credential does not have.
 */
export function authorise(principal: Principal | undefined, permission: Permission | undefined): Verdict {
  if (permission === 'public') return 'allowed';
  if (principal === undefined || principal.ended.aborted) return 'unauthenticated';
  if (permission === undefined || !principal.permissions.has(permission)) return 'forbidden';
  return 'allowed';
}

/** Everything that there is to be allowed; the operator of a single-user Drover has it all. */
export const everyPermission: ReadonlySet<Permission> = new Set([
  'public',
  'read',
  'deploy',
  'operate',
  'secrets',
  'admin',
]);
