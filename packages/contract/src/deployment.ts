import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { diagnosticSchema } from './diagnostic.ts';
import { operationSchema, planSchema } from './plan.ts';
import { route, stackPath } from './route.ts';

export const deploymentActionSchema = z.enum([
  'deploy',
  'rollback',
  'stop',
  'start',
  'restart',
  'remove',
  'pull',
  'build',
  'adopt',
]);
export type DeploymentAction = z.infer<typeof deploymentActionSchema>;

/** States only move forward. `failed` and `cancelled` name the revision that serves now. */
export const deploymentStateSchema = z.enum(['planned', 'running', 'succeeded', 'failed', 'cancelled']);
export type DeploymentState = z.infer<typeof deploymentStateSchema>;

/** Why a deployment ended as it did: one sentence, and the last log lines of what failed. */
export const failureSchema = z.object({
  reason: z.string(),
  message: z.string(),
  service: z.string().optional(),
  container: z.string().optional(),
  logs: z.array(z.string()).optional(),
  diagnostics: z.array(diagnosticSchema).optional(),
});
export type FailureView = z.infer<typeof failureSchema>;

export const deploymentSchema = z.object({
  id: z.string(),
  stack: z.string(),
  action: deploymentActionSchema,
  state: deploymentStateSchema,
  /** The revision that is being brought about; absent for actions that change none. */
  revision: z.number().optional(),
  /** The revision that served before, and the one that serves after the end. */
  previousRevision: z.number().optional(),
  servingRevision: z.number().optional(),
  createdAt: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  failure: failureSchema.optional(),
  operationsTotal: z.number(),
  operationsDone: z.number(),
});
export type DeploymentView = z.infer<typeof deploymentSchema>;

/**
 * What happens in a deployment, in order. The stream begins with everything so far and ends with `ended`, so that who
 * comes late or comes back sees the whole.
 */
export const deploymentEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), at: z.string(), state: deploymentStateSchema }),
  z.object({
    type: z.literal('phase'),
    at: z.string(),
    phase: z.enum(['load', 'images', 'plan', 'execute', 'verify', 'rollback']),
  }),
  z.object({
    type: z.literal('image'),
    at: z.string(),
    ref: z.string(),
    service: z.string().optional(),
    status: z.enum(['pulling', 'building', 'done', 'failed']),
    text: z.string().optional(),
    current: z.number().optional(),
    total: z.number().optional(),
  }),
  z.object({ type: z.literal('plan'), at: z.string(), plan: planSchema, purpose: z.enum(['forward', 'rollback']) }),
  z.object({
    type: z.literal('operation'),
    at: z.string(),
    operation: operationSchema.omit({ dependsOn: true }),
    status: z.enum(['started', 'done', 'failed', 'skipped']),
    ms: z.number().optional(),
    message: z.string().optional(),
  }),
  z.object({
    type: z.literal('message'),
    at: z.string(),
    level: z.enum(['info', 'warning', 'error']),
    text: z.string(),
    service: z.string().optional(),
  }),
  z.object({ type: z.literal('ended'), at: z.string(), deployment: deploymentSchema }),
]);
export type DeploymentEvent = z.infer<typeof deploymentEventSchema>;

const deploymentPath = z.object({ id: z.string() });

export const deployments = {
  list: route
    .route({ method: 'GET', path: '/stacks/{name}/deployments', summary: 'Deployments of a stack, newest first' })
    .meta({ permission: 'read' })
    .input(stackPath.extend({ limit: z.coerce.number().int().min(1).max(200).default(50) }))
    .output(z.array(deploymentSchema)),
  get: route
    .route({ method: 'GET', path: '/deployments/{id}', summary: 'One deployment' })
    .meta({ permission: 'read' })
    .input(deploymentPath)
    .output(deploymentSchema),
  events: route
    .route({
      method: 'GET',
      path: '/deployments/{id}/events',
      summary: 'The progress of a deployment, from its beginning',
    })
    .meta({ permission: 'read' })
    .input(deploymentPath)
    .output(eventIterator(deploymentEventSchema)),
  cancel: route
    .route({
      method: 'POST',
      path: '/deployments/{id}/cancel',
      summary: 'Cancel a deployment; the previous revision is put back',
    })
    .meta({ permission: 'deploy' })
    .input(deploymentPath)
    .output(deploymentSchema),
};
