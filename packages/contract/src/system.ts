import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { route } from './route.ts';

export const systemSchema = z.object({
  version: z.string(),
  dataDir: z.string(),
  engine: z.object({
    state: z.enum(['connected', 'unreachable']),
    reason: z.string().optional(),
    version: z.string().optional(),
    apiVersion: z.string().optional(),
    endpoint: z.string(),
    sharesFiles: z.boolean(),
    name: z.string().optional(),
    cpus: z.number().optional(),
    memoryBytes: z.number().optional(),
    operatingSystem: z.string().optional(),
  }),
});
export type SystemView = z.infer<typeof systemSchema>;

/** Something changed; who shows it reads it again. `stack` events carry the summary's name only, so that they stay small. */
export const changeEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stack'), stack: z.string() }),
  z.object({ type: z.literal('deployment'), stack: z.string(), deployment: z.string(), state: z.string() }),
  z.object({
    type: z.literal('container'),
    stack: z.string().optional(),
    service: z.string().optional(),
    container: z.string(),
    name: z.string(),
    action: z.string(),
    at: z.string(),
    attributes: z.record(z.string(), z.string()).optional(),
  }),
  z.object({
    type: z.literal('resource'),
    kind: z.enum(['image', 'network', 'volume']),
    id: z.string(),
    action: z.string(),
    at: z.string(),
  }),
  z.object({ type: z.literal('engine'), state: z.enum(['connected', 'unreachable']), at: z.string() }),
  /** A host came, went or is another than before; told in every environment. */
  z.object({
    type: z.literal('host'),
    host: z.string(),
    name: z.string(),
    environment: z.string(),
    state: z.string(),
    at: z.string(),
  }),
  /** An environment came or went; told in every environment. */
  z.object({ type: z.literal('environments') }),
  /** What is shown of the environment's Swarm may have changed. */
  z.object({ type: z.literal('swarm') }),
  z.object({ type: z.literal('resync') }),
]);
export type ChangeEvent = z.infer<typeof changeEventSchema>;

export const system = {
  info: route
    .route({ method: 'GET', path: '/system', summary: 'Drover and the engine of the environment' })
    .meta({ permission: 'read' })
    .output(systemSchema),
  events: route
    .route({ method: 'GET', path: '/events', summary: 'What changes in the environment, as it changes' })
    .meta({ permission: 'read' })
    .input(z.object({ stack: z.string().optional() }))
    .output(eventIterator(changeEventSchema)),
  backup: route
    .route({ method: 'POST', path: '/system/backup', summary: 'Back up store and key into the data folder' })
    .meta({ permission: 'admin', scope: 'server' })
    .output(z.object({ path: z.string(), sizeBytes: z.number() })),
};

/** Asks which blobs of a bundle the server lacks; they are then sent by `PUT /api/blobs/{sha256}` (see `raw.ts`). */
export const blobs = {
  missing: route
    .route({ method: 'POST', path: '/blobs/missing', summary: 'Which of these blobs the server lacks' })
    .meta({ permission: 'deploy', scope: 'server' })
    .input(z.object({ sha256: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(100_000) }))
    .output(z.object({ missing: z.array(z.string()) })),
};
