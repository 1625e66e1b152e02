import type { Permission } from '@drover/contract';
import type { Principal } from '../domain/authorise.ts';
import { Refusal } from '../domain/refusal.ts';

/** What every handler is told about its request. */
export interface RequestContext {
  readonly principal: Principal | undefined;
  /** The permission that was checked; the handler's own must be the same. */
  readonly permission: Permission;
  /** The address of the caller. */
  readonly from: string;
  /** Fires when the server stops. */
  readonly stopping: AbortSignal;
}

/** Who asks, where the route needs somebody. */
export function callerOf(context: RequestContext): Principal {
  if (context.principal === undefined) throw new Refusal('unauthenticated', 'this needs a token');
  return context.principal;
}

/** Fires when the caller goes, when its credential ends, and when the server stops: a stream ends with the first of them. */
export function streamSignal(context: RequestContext, request: AbortSignal | undefined): AbortSignal {
  const signals = [context.stopping];
  if (request !== undefined) signals.push(request);
  if (context.principal !== undefined) signals.push(context.principal.ended);
  return AbortSignal.any(signals);
}
