import { z } from 'zod';
import { route } from './route.ts';

/** `engine`: exactly one Docker Engine. `swarm`: the hosts of a Swarm. */
export const environmentKindSchema = z.enum(['engine', 'swarm']);
export type EnvironmentKind = z.infer<typeof environmentKindSchema>;

export const environmentSchema = z.object({
  name: z.string(),
  kind: environmentKindSchema,
  createdAt: z.string(),
  /** Whether its engine (of a Swarm: a manager) answers. */
  state: z.enum(['connected', 'unreachable']),
  reason: z.string().optional(),
  stacks: z.number(),
});
export type EnvironmentView = z.infer<typeof environmentSchema>;

const environmentPath = z.object({ name: z.string() });

export const environments = {
  list: route
    .route({ method: 'GET', path: '/environments', summary: 'All environments; `local` is always there' })
    .meta({ permission: 'read', scope: 'server' })
    .output(z.array(environmentSchema)),
  get: route
    .route({ method: 'GET', path: '/environments/{name}', summary: 'One environment' })
    .meta({ permission: 'read', scope: 'server' })
    .input(environmentPath)
    .output(environmentSchema),
  create: route
    .route({ method: 'POST', path: '/environments', summary: 'Make an environment, which has no host yet' })
    .meta({ permission: 'admin', scope: 'server' })
    .input(environmentPath.extend({ kind: environmentKindSchema.default('engine') }))
    .output(environmentSchema),
  remove: route
    .route({
      method: 'DELETE',
      path: '/environments/{name}',
      summary: 'Remove an environment that holds no stack and no host',
    })
    .meta({ permission: 'admin', scope: 'server' })
    .input(environmentPath)
    .output(z.object({ removed: z.string() })),
};
