import { z } from 'zod';

/** A finding about a Compose file: what is wrong, and where. Lines and columns count from 1. */
export const diagnosticSchema = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  origin: z.object({ file: z.string(), line: z.number(), column: z.number() }).optional(),
  suggestion: z.string().optional(),
  /** The name of a refused field that a deploy may leave out: `accept` takes it. */
  field: z.string().optional(),
});
export type DiagnosticView = z.infer<typeof diagnosticSchema>;
