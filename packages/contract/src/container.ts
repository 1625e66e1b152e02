import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { containerPath, route, stackPath } from './route.ts';
import { bundleFileSchema } from './source.ts';

export const containerStateSchema = z.enum([
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
]);
export type ContainerState = z.infer<typeof containerStateSchema>;

export const containerSchema = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  imageId: z.string(),
  state: containerStateSchema,
  health: z.enum(['starting', 'healthy', 'unhealthy']).optional(),
  exitCode: z.number().optional(),
  /** The engine's own words: "Up 3 minutes (healthy)". */
  status: z.string(),
  stack: z.string().optional(),
  service: z.string().optional(),
  number: z.number().optional(),
  oneOff: z.boolean(),
  /** The name of the host that has it, where the environment has several. */
  host: z.string().optional(),
  ports: z.array(z.string()),
  createdAt: z.string(),
});
export type ContainerView = z.infer<typeof containerSchema>;

/** A container in a few words, for lists of very many. */
export type SlimContainer = Pick<
  ContainerView,
  'id' | 'name' | 'image' | 'state' | 'health' | 'stack' | 'service' | 'host'
>;

export const containerPageRequestSchema = z.object({
  stack: z.string().optional(),
  service: z.string().optional(),
  host: z.string().optional(),
  state: containerStateSchema.optional(),
  /** Part of the name, the image, the stack or the host; capitals count for nothing. */
  search: z.string().max(200).optional(),
  sort: z.enum(['name', 'host', 'stack', 'state', 'created']).default('name'),
  descending: z.stringbool().or(z.boolean()).default(false),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** The `next` of the page before. */
  after: z.string().max(2000).optional(),
});
export type ContainerPageRequest = z.infer<typeof containerPageRequestSchema>;

export const containerPageSchema = z.object({
  containers: z.array(containerSchema),
  /** How many match on all pages. */
  total: z.number(),
  /** Absent on the last page. */
  next: z.string().optional(),
});
export type ContainerPage = z.infer<typeof containerPageSchema>;

export const logLineSchema = z.object({
  container: z.string(),
  service: z.string().optional(),
  /** `notice`: Drover's own words in the place of lines that cannot be read; of no container. */
  stream: z.enum(['stdout', 'stderr', 'notice']),
  at: z.string().optional(),
  text: z.string(),
});
export type LogLine = z.infer<typeof logLineSchema>;

const logQuery = z.object({
  follow: z.stringbool().or(z.boolean()).default(false),
  tail: z.coerce.number().int().min(0).max(100_000).optional(),
  since: z.string().optional(),
  until: z.string().optional(),
  timestamps: z.stringbool().or(z.boolean()).default(false),
});

/** Rates are per second, sizes in bytes, CPU in percent of one core. */
export const statsSchema = z.object({
  at: z.string(),
  cpuPercent: z.number(),
  memoryBytes: z.number(),
  memoryLimitBytes: z.number(),
  networkRxBytes: z.number(),
  networkTxBytes: z.number(),
  networkRxRate: z.number(),
  networkTxRate: z.number(),
  blockReadBytes: z.number(),
  blockWriteBytes: z.number(),
  pids: z.number(),
});
export type StatsView = z.infer<typeof statsSchema>;

/** The most bytes that one call of `containers.sync` may bring. */
export const syncBytes = 64 * 1024 * 1024;

const syncInput = containerPath.extend({
  /** Files with their absolute paths in the container; no links and no folders, which are made where they are missing. */
  files: z.array(bundleFileSchema).max(10_000),
  /** Absolute paths of files and folders that go; what is not there is no failure. */
  remove: z.array(z.string()).max(10_000),
});

const stopTimeout = containerPath.extend({ timeout: z.number().min(0).optional() });

export const containers = {
  list: route
    .route({ method: 'GET', path: '/containers', summary: 'Containers of the host, or of one stack' })
    .meta({ permission: 'read' })
    .input(z.object({ stack: z.string().optional() }))
    .output(z.array(containerSchema)),
  page: route
    .route({ method: 'GET', path: '/container-page', summary: 'A page of the containers that match, sorted' })
    .meta({ permission: 'read' })
    .input(containerPageRequestSchema)
    .output(containerPageSchema),
  inspect: route
    .route({
      method: 'GET',
      path: '/containers/{id}',
      summary: 'What the engine says of a container; values of its environment are masked',
    })
    .meta({ permission: 'read' })
    .input(containerPath)
    .output(z.object({ container: containerSchema, inspect: z.record(z.string(), z.unknown()) })),
  start: route
    .route({ method: 'POST', path: '/containers/{id}/start', summary: 'Start' })
    .meta({ permission: 'operate' })
    .input(containerPath)
    .output(containerSchema),
  stop: route
    .route({ method: 'POST', path: '/containers/{id}/stop', summary: 'Stop' })
    .meta({ permission: 'operate' })
    .input(stopTimeout)
    .output(containerSchema),
  restart: route
    .route({ method: 'POST', path: '/containers/{id}/restart', summary: 'Restart' })
    .meta({ permission: 'operate' })
    .input(stopTimeout)
    .output(containerSchema),
  kill: route
    .route({ method: 'POST', path: '/containers/{id}/kill', summary: 'Send a signal' })
    .meta({ permission: 'operate' })
    .input(
      containerPath.extend({
        signal: z
          .string()
          .regex(/^(SIG)?[A-Z0-9+]{1,12}$/)
          .default('SIGKILL'),
      }),
    )
    .output(containerSchema),
  remove: route
    .route({ method: 'DELETE', path: '/containers/{id}', summary: 'Remove a container; its volumes stay' })
    .meta({ permission: 'operate' })
    .input(containerPath.extend({ force: z.stringbool().or(z.boolean()).default(false) }))
    .output(z.object({ removed: z.string() })),
  sync: route
    .route({
      method: 'POST',
      path: '/containers/{id}/sync',
      summary: 'Write files into a running container, as root, and remove others',
    })
    .meta({ permission: 'operate' })
    .input(syncInput)
    .output(z.object({ written: z.number(), removed: z.number() })),
  logs: route
    .route({ method: 'GET', path: '/containers/{id}/logs', summary: 'Log lines of a container' })
    .meta({ permission: 'read' })
    .input(containerPath.extend(logQuery.shape))
    .output(eventIterator(logLineSchema)),
  stackLogs: route
    .route({ method: 'GET', path: '/stacks/{name}/logs', summary: 'Log lines of a stack, or of some of its services' })
    .meta({ permission: 'read' })
    .input(stackPath.extend(logQuery.shape).extend({ services: z.array(z.string()).or(z.string()).optional() }))
    .output(eventIterator(logLineSchema)),
  stats: route
    .route({
      method: 'GET',
      path: '/containers/{id}/stats',
      summary: 'CPU, memory, network and disk, about once a second',
    })
    .meta({ permission: 'read' })
    .input(containerPath)
    .output(eventIterator(statsSchema)),
};
