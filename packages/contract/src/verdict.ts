import type { HostFacts } from '@drover/compose';
import { z } from 'zod';
import { diagnosticSchema } from './diagnostic.ts';

/** What a target does with a field. */
export const verdictSchema = z.enum(['honoured', 'emulated', 'ignored', 'refused']);

/** One engine, or a Swarm. */
export const targetSchema = z.enum(['engine', 'swarm']);

/** What is known about the hosts of a target; what is absent is taken for what is usual today. */
export const hostFactsSchema = z.strictObject({
  apiVersion: z
    .string()
    .regex(/^\d{1,3}\.\d{1,3}$/)
    .exactOptional(),
  os: z.enum(['linux', 'windows']).exactOptional(),
  cgroupVersion: z.union([z.literal(1), z.literal(2)]).exactOptional(),
  ipvs: z.boolean().exactOptional(),
  buildx: z.boolean().exactOptional(),
  swarm: z.boolean().exactOptional(),
  hosts: z.number().int().min(1).exactOptional(),
  runtimes: z.array(z.string()).exactOptional(),
} satisfies Readonly<Record<keyof HostFacts, z.ZodType>>);

/** The verdict on one field that is used, with its reason and place. */
export const fieldVerdictSchema = z.object({
  path: z.array(z.union([z.string(), z.number()])),
  /** The stable name: `service.deploy.placement.constraints`. */
  field: z.string(),
  verdict: verdictSchema,
  reason: z.string().optional(),
  /** What to write instead of a refused field. */
  instead: z.string().optional(),
  /** Whether a deploy may leave it out, by its name in `accept`. */
  acceptable: z.boolean(),
  service: z.string().optional(),
  origin: diagnosticSchema.shape.origin,
});
export type FieldVerdictView = z.infer<typeof fieldVerdictSchema>;

export const verdictReportSchema = z.object({
  target: targetSchema,
  counts: z.record(verdictSchema, z.number()),
  /** Every field that is used, once, in the order of the model. */
  fields: z.array(fieldVerdictSchema),
});
export type VerdictReportView = z.infer<typeof verdictReportSchema>;
