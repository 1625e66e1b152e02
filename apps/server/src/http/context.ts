import { InternalError } from '@drover/base';
import type { Permission } from '@drover/contract';
import type { Principal } from '../domain/authorise.ts';
import type { EnvironmentDomain } from '../domain/environment/environment-domain.ts';
import { Refusal } from '../domain/refusal.ts';

/** What every handler is told about its request. */
export interface RequestContext {
  readonly principal: Principal | undefined;
  /** The permission that was checked; the handler's own must be the same. */
  readonly permission: Permission;
  /** The environment that the request speaks of; undefined where the route is of the whole server. */
  readonly environment: EnvironmentDomain | undefined;
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

/** The environment that a request speaks of. Throws `InternalError` for a route of the whole server, which has none. */
export function environmentOf(context: RequestContext): EnvironmentDomain {
  if (context.environment === undefined)
    throw new InternalError('handling a request: its route is of the whole server and asks for an environment');
  return context.environment;
}

/** Fires when the caller or the environment goes, when its credential ends, and when the server stops: a stream ends with the first of them. */
export function streamSignal(context: RequestContext, request: AbortSignal | undefined): AbortSignal {
  const signals = [context.stopping];
  if (request !== undefined) signals.push(request);
  if (context.principal !== undefined) signals.push(context.principal.ended);
  if (context.environment !== undefined) signals.push(context.environment.ended);
  return AbortSignal.any(signals);
}
