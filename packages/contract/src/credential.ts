import { z } from 'zod';
import { route, stackPath } from './route.ts';

export const registrySchema = z.object({ server: z.string(), username: z.string(), updatedAt: z.string() });
export type RegistryView = z.infer<typeof registrySchema>;

/** A stack's variable. A secret's value is write-only. */
export const variableSchema = z.object({
  name: z.string(),
  secret: z.boolean(),
  value: z.string().optional(),
  updatedAt: z.string(),
});
export type VariableView = z.infer<typeof variableSchema>;

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/);

export const registries = {
  list: route
    .route({ method: 'GET', path: '/registries', summary: 'Registries that Drover can sign in to' })
    .meta({ permission: 'secrets', scope: 'server' })
    .output(z.array(registrySchema)),
  save: route
    .route({ method: 'PUT', path: '/registries/{server}', summary: 'Keep (sealed) the credentials of a registry' })
    .meta({ permission: 'secrets', scope: 'server' })
    .input(z.object({ server: z.string(), username: z.string().min(1), password: z.string().min(1) }))
    .output(registrySchema),
  remove: route
    .route({ method: 'DELETE', path: '/registries/{server}', summary: 'Forget them' })
    .meta({ permission: 'secrets', scope: 'server' })
    .input(z.object({ server: z.string() }))
    .output(z.object({ removed: z.string() })),
};

export const variables = {
  list: route
    .route({ method: 'GET', path: '/stacks/{name}/variables', summary: 'Variables and secrets of a stack' })
    .meta({ permission: 'secrets' })
    .input(stackPath)
    .output(z.array(variableSchema)),
  set: route
    .route({
      method: 'PUT',
      path: '/stacks/{name}/variables/{variable}',
      summary: 'Set a variable or secret; used from the next deploy on',
    })
    .meta({ permission: 'secrets' })
    .input(
      stackPath.extend({ variable: variableName, value: z.string().max(500_000), secret: z.boolean().default(false) }),
    )
    .output(variableSchema),
  unset: route
    .route({ method: 'DELETE', path: '/stacks/{name}/variables/{variable}', summary: 'Unset a variable or secret' })
    .meta({ permission: 'secrets' })
    .input(stackPath.extend({ variable: variableName }))
    .output(z.object({ removed: z.string() })),
};
