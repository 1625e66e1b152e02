import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { route } from './route.ts';

/**
 * - `connecting`: it joined, or the server has just started, and its agent has not connected yet.
 * - `ready`: its agent answers. `unreachable`: it did and does not any more.
 * - `cordoned`: it keeps what it has and gets nothing new, by an operator's word.
 * - `draining`, `drained`: it is to hold nothing, by an operator's word.
 * - `removed`: its certificate opens nothing any more.
 */
export const hostStateSchema = z.enum([
  'connecting',
  'ready',
  'unreachable',
  'cordoned',
  'draining',
  'drained',
  'removed',
]);
export type HostState = z.infer<typeof hostStateSchema>;

const diskSchema = z.object({ path: z.string(), totalBytes: z.number(), freeBytes: z.number() });

/** What a machine is and its kernel can do, as its agent said at the last connect. */
export const hostFactsSchema = z.object({
  hostname: z.string(),
  cpus: z.number(),
  memoryBytes: z.number(),
  /** The disk of the engine's data first. */
  disks: z.array(diskSchema),
  /** Absent while the engine does not answer. */
  engine: z
    .object({
      id: z.string(),
      version: z.string(),
      apiVersion: z.string(),
      swarmNodeId: z.string(),
      swarmState: z.string(),
      swarmManager: z.boolean(),
    })
    .optional(),
  engineProblem: z.string().optional(),
  kernel: z.string(),
  os: z.string(),
  architecture: z.string(),
  distribution: z.string(),
  abilities: z.object({
    ipvs: z.boolean(),
    wireguard: z.boolean(),
    esp: z.boolean(),
    criu: z.boolean(),
    cgroupVersion: z.union([z.literal(1), z.literal(2)]),
  }),
});
export type HostFactsView = z.infer<typeof hostFactsSchema>;

const labelName = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9._/-]{0,126}[A-Za-z0-9])?$/, 'is no name of a label');
const labelValue = z.string().max(256);
export const hostNameSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/, 'is no host name: small letters, digits, dots and hyphens');

export const hostSchema = z.object({
  id: z.string(),
  name: z.string(),
  environment: z.string(),
  state: hostStateSchema,
  /** Why it is not ready, or what is wrong with it though it is; one sentence. */
  problem: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  agentVersion: z.string().optional(),
  /** Whether the server has another build of the agent for it. */
  upgradable: z.boolean(),
  facts: hostFactsSchema.optional(),
  /** The address that its agent dials from. */
  address: z.string().optional(),
  joinedAt: z.string(),
  connectedAt: z.string().optional(),
  /** When its connection was lost. */
  lostAt: z.string().optional(),
  certificateExpiresAt: z.string(),
});
export type HostView = z.infer<typeof hostSchema>;

export const hostLoadSchema = z.object({
  /** Of all processors together, 0 to 1. */
  cpu: z.number(),
  memoryUsedBytes: z.number(),
  memoryBytes: z.number(),
  disks: z.array(diskSchema),
});
export type HostLoadView = z.infer<typeof hostLoadSchema>;

export const joinTokenSchema = z.object({
  id: z.string(),
  environment: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  uses: z.number(),
  used: z.number(),
  /** The host whose place the next machine takes. */
  replaces: z.string().optional(),
  state: z.enum(['open', 'used', 'expired', 'revoked']),
});
export type JoinTokenView = z.infer<typeof joinTokenSchema>;

export const createdTokenSchema = joinTokenSchema.extend({
  /** Shown once; kept as a hash only. */
  token: z.string(),
  /** The line to paste on a machine, as root. */
  command: z.string(),
  /** The same for an agent that runs as a container. */
  containerCommand: z.string(),
  /** What stands in the way of a machine elsewhere that runs it; one sentence. */
  warning: z.string().optional(),
});
export type CreatedTokenView = z.infer<typeof createdTokenSchema>;

/** One step of an upgrade, as it happens. */
export const upgradeEventSchema = z.object({
  host: z.string(),
  step: z.enum(['waiting', 'sending', 'restarting', 'done', 'current', 'failed']),
  message: z.string().optional(),
  version: z.string().optional(),
});
export type UpgradeEvent = z.infer<typeof upgradeEventSchema>;

/** A host by its id or name. */
const hostPath = z.object({ host: z.string().max(100) });

/** Hosts belong to the server; each is in one environment. */
export const hosts = {
  list: route
    .route({ method: 'GET', path: '/hosts', summary: 'Hosts with an agent, of one environment or of all' })
    .meta({ permission: 'read', scope: 'server' })
    .input(z.object({ environment: z.string().optional() }))
    .output(z.array(hostSchema)),
  get: route
    .route({ method: 'GET', path: '/hosts/{host}', summary: 'One host' })
    .meta({ permission: 'read', scope: 'server' })
    .input(hostPath)
    .output(hostSchema),
  load: route
    .route({ method: 'GET', path: '/hosts/{host}/load', summary: 'How busy a host is now' })
    .meta({ permission: 'read', scope: 'server' })
    .input(hostPath)
    .output(hostLoadSchema),
  rename: route
    .route({ method: 'POST', path: '/hosts/{host}/rename', summary: 'Give a host another name' })
    .meta({ permission: 'admin', scope: 'server' })
    .input(hostPath.extend({ name: hostNameSchema }))
    .output(hostSchema),
  label: route
    .route({ method: 'POST', path: '/hosts/{host}/labels', summary: 'Set labels of a host, and take some away' })
    .meta({ permission: 'operate', scope: 'server' })
    .input(
      hostPath.extend({
        set: z.record(labelName, labelValue).default({}),
        unset: z.array(labelName).max(100).default([]),
      }),
    )
    .output(hostSchema),
  remove: route
    .route({
      method: 'DELETE',
      path: '/hosts/{host}',
      summary: 'Remove a host: its agent loses its way in at once; what runs there keeps running',
    })
    .meta({ permission: 'admin', scope: 'server' })
    .input(hostPath)
    .output(z.object({ removed: z.string() })),
  upgrade: route
    .route({
      method: 'POST',
      path: '/hosts/upgrade',
      summary: 'Send the server’s build of the agent to hosts, one after the other; the steps as they happen',
    })
    .meta({ permission: 'admin', scope: 'server' })
    .input(z.object({ hosts: z.array(z.string().max(100)).max(10_000).optional() }))
    .output(eventIterator(upgradeEventSchema)),
  createToken: route
    .route({ method: 'POST', path: '/host-tokens', summary: 'Make a join token and the line to paste' })
    .meta({ permission: 'admin', scope: 'server' })
    .input(
      z.object({
        environment: z.string().max(63).default('local'),
        expiresSeconds: z
          .number()
          .int()
          .min(10)
          .max(30 * 86_400)
          .default(3600),
        uses: z.number().int().min(1).max(10_000).optional(),
        replaces: z.string().max(100).optional(),
      }),
    )
    .output(createdTokenSchema),
  listTokens: route
    .route({ method: 'GET', path: '/host-tokens', summary: 'Join tokens; never their secrets' })
    .meta({ permission: 'admin', scope: 'server' })
    .output(z.array(joinTokenSchema)),
  revokeToken: route
    .route({ method: 'DELETE', path: '/host-tokens/{id}', summary: 'Revoke a join token; who joined by it stays' })
    .meta({ permission: 'admin', scope: 'server' })
    .input(z.object({ id: z.string().max(100) }))
    .output(z.object({ revoked: z.string() })),
};
