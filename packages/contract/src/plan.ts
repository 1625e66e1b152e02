import { z } from 'zod';
import { diagnosticSchema } from './diagnostic.ts';

/** What an operation does to those who use the application. `data-loss` never happens unasked. */
export const impactSchema = z.enum([
  'none',
  'created',
  'started',
  'restarted',
  'recreated',
  'stopped',
  'removed',
  'data-loss',
]);
export type ImpactView = z.infer<typeof impactSchema>;

/** One step of a plan as it is shown: never a secret, never an engine's request body. */
export const operationSchema = z.object({
  id: z.string(),
  kind: z.string(),
  target: z.string(),
  service: z.string().optional(),
  causes: z.array(z.string()),
  impact: impactSchema,
  dependsOn: z.array(z.string()),
});
export type OperationView = z.infer<typeof operationSchema>;

/** What a deploy would do to one service, in words; the order is that of the services' names. */
export const serviceChangeSchema = z.object({
  service: z.string(),
  change: z.enum([
    'created',
    'recreated',
    'restarted',
    'started',
    'changed',
    'scaled',
    'stopped',
    'removed',
    'unchanged',
    'maybe-recreated',
  ]),
  causes: z.array(z.string()),
});

export const planSchema = z.object({
  empty: z.boolean(),
  services: z.array(serviceChangeSchema),
  operations: z.array(operationSchema),
  diagnostics: z.array(diagnosticSchema),
});
export type PlanView = z.infer<typeof planSchema>;
