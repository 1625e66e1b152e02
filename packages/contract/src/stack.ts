import { z } from 'zod';
import { containerSchema } from './container.ts';
import { deploymentSchema } from './deployment.ts';
import { diagnosticSchema } from './diagnostic.ts';
import { planSchema } from './plan.ts';
import { route, stackPath } from './route.ts';
import { sourceSchema, sourceViewSchema } from './source.ts';
import { hostFactsSchema, targetSchema, verdictReportSchema } from './verdict.ts';

/** `unmanaged`: a project that docker compose made and Drover has not adopted. */
export const stackStateSchema = z.enum(['unmanaged', 'new', 'deploying', 'running', 'degraded', 'stopped', 'failed']);
export type StackState = z.infer<typeof stackStateSchema>;

export const serviceStateSchema = z.object({
  name: z.string(),
  image: z.string().optional(),
  wanted: z.number(),
  running: z.number(),
  healthy: z.number(),
  hasHealthCheck: z.boolean(),
  completed: z.boolean(),
  ports: z.array(z.string()),
  dependsOn: z.array(z.string()),
  containers: z.array(containerSchema),
  /** Why containers that are wanted do not run, in words; only of one stack alone, and where that is known. */
  missing: z.array(z.string()).optional(),
});
export type ServiceView = z.infer<typeof serviceStateSchema>;

export const stackSummarySchema = z.object({
  name: z.string(),
  state: stackStateSchema,
  managed: z.boolean(),
  revision: z.number().optional(),
  services: z.number(),
  running: z.number(),
  wanted: z.number(),
  workingDir: z.string().optional(),
  updatedAt: z.string().optional(),
  activeDeployment: z.string().optional(),
  /** What runs differs from the revision (looked for after events, shown, never repaired by itself). */
  drift: z.boolean().optional(),
});
export type StackSummary = z.infer<typeof stackSummarySchema>;

export const stackSchema = stackSummarySchema.extend({
  serviceStates: z.array(serviceStateSchema),
  source: sourceViewSchema.optional(),
  /** True when the saved source differs from the revision that serves. */
  undeployedEdits: z.boolean(),
  lastDeployment: deploymentSchema.optional(),
});
export type StackView = z.infer<typeof stackSchema>;

export const deployOptionsSchema = z
  .object({
    services: z.array(z.string()).optional(),
    pull: z.enum(['always', 'missing', 'never', 'policy']).default('policy'),
    build: z.boolean().default(false),
    forceRecreate: z.boolean().default(false),
    removeOrphans: z.boolean().default(false),
    scale: z.record(z.string(), z.number().int().min(0)).optional(),
    /** Pinned services of a Swarm whose container goes to another host, with none of its data. */
    move: z.array(z.string()).max(1000).optional(),
    /** Refused fields that are left out knowingly, by name: `service.use_api_socket`, or a group around it. */
    accept: z.array(z.string().min(1).max(200)).max(100).optional(),
    /** Seconds for which a container without a health check must have run before the deploy counts; 0.1 where absent. */
    monitor: z.number().min(0).max(3600).optional(),
    /** Seconds until the deploy is given up and the previous revision is put back. */
    timeout: z.number().positive().default(600),
  })
  .refine(({ monitor = 0, timeout }) => monitor < timeout, {
    path: ['monitor'],
    message: 'it is not shorter than the time until the deploy is given up (timeout)',
  });
export type DeployOptions = z.infer<typeof deployOptionsSchema>;

export const revisionSchema = z.object({
  number: z.number(),
  createdAt: z.string(),
  /** What made it: `deploy`, `rollback to 3`, `adopted`, … */
  origin: z.string(),
  serving: z.boolean(),
  images: z.array(z.object({ service: z.string(), ref: z.string(), id: z.string() })),
  /** The refused fields that it leaves out knowingly, by name. */
  accepted: z.array(z.string()),
  /** False once its images are gone from the engine. */
  restorable: z.boolean(),
});
export type RevisionView = z.infer<typeof revisionSchema>;

const started = z.object({ deployment: deploymentSchema });
const someServices = stackPath.extend({
  services: z.array(z.string()).optional(),
  timeout: z.number().min(0).optional(),
});

export const stacks = {
  list: route
    .route({ method: 'GET', path: '/stacks', summary: 'All stacks, and the Compose projects that Drover could adopt' })
    .meta({ permission: 'read' })
    .output(z.array(stackSummarySchema)),
  get: route
    .route({ method: 'GET', path: '/stacks/{name}', summary: 'One stack with its services and containers' })
    .meta({ permission: 'read' })
    .input(stackPath)
    .output(stackSchema),
  save: route
    .route({
      method: 'PUT',
      path: '/stacks/{name}',
      summary: 'Create a stack or replace its files; nothing is deployed',
    })
    .meta({ permission: 'deploy' })
    .input(stackPath.extend({ source: sourceSchema }))
    .output(stackSchema.extend({ diagnostics: z.array(diagnosticSchema) })),
  validate: route
    .route({ method: 'POST', path: '/stacks/{name}/validate', summary: 'What is wrong with these files' })
    .meta({ permission: 'read' })
    .input(stackPath.extend({ source: sourceSchema }))
    .output(z.object({ diagnostics: z.array(diagnosticSchema), services: z.array(z.string()) })),
  check: route
    .route({
      method: 'POST',
      path: '/stacks/{name}/check',
      summary: 'What a target does with every field of these (or the saved) files',
    })
    .meta({ permission: 'read' })
    .input(
      stackPath.extend({
        source: sourceSchema.optional(),
        target: targetSchema.default('engine'),
        /** Absent on `engine`: what the engine itself says. */
        facts: hostFactsSchema.optional(),
      }),
    )
    .output(
      z.object({
        diagnostics: z.array(diagnosticSchema),
        /** Absent where the files have errors. */
        report: verdictReportSchema.optional(),
      }),
    ),
  plan: route
    .route({ method: 'POST', path: '/stacks/{name}/plan', summary: 'What a deploy would do; changes nothing' })
    .meta({ permission: 'read' })
    .input(
      stackPath.extend({
        source: sourceSchema.optional(),
        options: deployOptionsSchema.optional(),
        revision: z.number().optional(),
      }),
    )
    .output(planSchema),
  deploy: route
    .route({
      method: 'POST',
      path: '/stacks/{name}/deploy',
      summary: 'Make a revision of these (or the saved) files and bring it about',
    })
    .meta({ permission: 'deploy' })
    .input(stackPath.extend({ source: sourceSchema.optional(), options: deployOptionsSchema.optional() }))
    .output(started),
  stop: route
    .route({ method: 'POST', path: '/stacks/{name}/stop', summary: 'Stop services in reverse order of dependency' })
    .meta({ permission: 'operate' })
    .input(someServices)
    .output(started),
  start: route
    .route({ method: 'POST', path: '/stacks/{name}/start', summary: 'Start services in order of dependency' })
    .meta({ permission: 'operate' })
    .input(someServices)
    .output(started),
  restart: route
    .route({ method: 'POST', path: '/stacks/{name}/restart', summary: 'Restart services' })
    .meta({ permission: 'operate' })
    .input(someServices)
    .output(started),
  pull: route
    .route({ method: 'POST', path: '/stacks/{name}/pull', summary: 'Pull the images of services' })
    .meta({ permission: 'operate' })
    .input(stackPath.extend({ source: sourceSchema.optional(), services: z.array(z.string()).optional() }))
    .output(started),
  build: route
    .route({ method: 'POST', path: '/stacks/{name}/build', summary: 'Build the images of services' })
    .meta({ permission: 'deploy' })
    .input(
      stackPath.extend({
        source: sourceSchema.optional(),
        services: z.array(z.string()).optional(),
        noCache: z.boolean().default(false),
        pull: z.boolean().default(false),
      }),
    )
    .output(started),
  adopt: route
    .route({
      method: 'POST',
      path: '/stacks/{name}/adopt',
      summary: 'Take over a project that docker compose made, without restarting it',
    })
    .meta({ permission: 'deploy' })
    .input(stackPath.extend({ source: sourceSchema.optional() }))
    .output(started),
  remove: route
    .route({
      method: 'POST',
      path: '/stacks/{name}/remove',
      summary: 'Remove containers and networks; volumes only those named here',
    })
    .meta({ permission: 'deploy' })
    .input(
      stackPath.extend({
        volumes: z.array(z.string()).default([]),
        removeOrphans: z.boolean().default(false),
        forget: z.boolean().default(false),
        timeout: z.number().min(0).optional(),
      }),
    )
    .output(started),
  revisions: route
    .route({ method: 'GET', path: '/stacks/{name}/revisions', summary: 'The kept revisions, newest first' })
    .meta({ permission: 'read' })
    .input(stackPath)
    .output(z.array(revisionSchema)),
  revisionSource: route
    .route({ method: 'GET', path: '/stacks/{name}/revisions/{revision}', summary: 'The files of a revision' })
    .meta({ permission: 'read' })
    .input(stackPath.extend({ revision: z.coerce.number() }))
    .output(z.object({ revision: revisionSchema, source: sourceViewSchema })),
  rollback: route
    .route({
      method: 'POST',
      path: '/stacks/{name}/rollback',
      summary: 'Return to a revision: files, variables, secrets and images together',
    })
    .meta({ permission: 'deploy' })
    .input(stackPath.extend({ revision: z.number().optional(), timeout: z.number().positive().optional() }))
    .output(started),
  run: route
    .route({
      method: 'POST',
      path: '/stacks/{name}/run',
      summary: 'Create a one-off container of a service, not yet started; attach to start it',
    })
    .meta({ permission: 'operate' })
    .input(
      stackPath.extend({
        service: z.string(),
        command: z.array(z.string()).optional(),
        entrypoint: z.array(z.string()).optional(),
        environment: z.record(z.string(), z.string()).optional(),
        user: z.string().optional(),
        workdir: z.string().optional(),
        tty: z.boolean().default(false),
        interactive: z.boolean().default(false),
        servicePorts: z.boolean().default(false),
        dependencies: z.boolean().default(true),
        source: sourceSchema.optional(),
      }),
    )
    .output(z.object({ containerId: z.string(), name: z.string() })),
};
