import { oc } from '@orpc/contract';
import { z } from 'zod';
import { diagnosticSchema } from './diagnostic.ts';

/**
 * What a caller must be allowed to do to use a route. Deny by default: a route that declares none does not start
 * (`listRoutes` finds it).
 */
export type Permission = 'public' | 'read' | 'deploy' | 'operate' | 'secrets' | 'admin';

/**
 * What a route speaks of: one environment, named by the prefix `/environments/{environment}` of its path (none is `local`), or the
 * whole server, where there is no such prefix.
 */
export type RouteScope = 'environment' | 'server';

/** A route that names no scope is of one environment. */
export type RouteMeta = { readonly permission?: Permission; readonly scope?: RouteScope };

/** What every refusal carries: a literal `reason` to switch on, and the places in the Compose files it is about. */
export const refusalSchema = z.object({
  reason: z.string(),
  diagnostics: z.array(diagnosticSchema).optional(),
});
export type Refusal = z.infer<typeof refusalSchema>;

/** The root that every route of the API grows from: its errors and its permission slot. */
export const route = oc.$meta<RouteMeta>({}).errors({
  BAD_REQUEST: { status: 400, data: refusalSchema.optional() },
  UNAUTHORIZED: { status: 401 },
  FORBIDDEN: { status: 403, data: refusalSchema.optional() },
  NOT_FOUND: { status: 404, data: refusalSchema.optional() },
  CONFLICT: { status: 409, data: refusalSchema.optional() },
  PAYLOAD_TOO_LARGE: { status: 413 },
  UNPROCESSABLE_CONTENT: { status: 422, data: refusalSchema.optional() },
  TOO_MANY_REQUESTS: { status: 429 },
  BAD_GATEWAY: { status: 502, data: refusalSchema.optional() },
});

/** The path parameter of everything that belongs to one stack. */
export const stackPath = z.object({ name: z.string() });
/** The path parameter of everything that belongs to one container (full id, or a unique prefix or name). */
export const containerPath = z.object({ id: z.string() });
