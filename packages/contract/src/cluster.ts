import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { route } from './route.ts';

export const clusterNodeSchema = z.object({
  nodeId: z.string(),
  /** Absent where no host of the environment is this node. */
  hostId: z.string().optional(),
  name: z.string(),
  role: z.enum(['manager', 'worker']),
  isLeader: z.boolean(),
  /** Of managers: whether the others reach it. */
  isReachable: z.boolean().optional(),
  availability: z.enum(['active', 'pause', 'drain']),
  state: z.enum(['unknown', 'down', 'ready', 'disconnected']),
  address: z.string().optional(),
  labels: z.record(z.string(), z.string()),
});
export type ClusterNodeView = z.infer<typeof clusterNodeSchema>;

/** How many managers there are: as the hosts allow, a fixed odd number, or whichever stand there. */
export const wantedManagersSchema = z.union([
  z.object({ mode: z.literal('automatic') }),
  z.object({ mode: z.literal('fixed'), count: z.number().int().min(1).max(7) }),
  z.object({ mode: z.literal('adopted') }),
]);
export type WantedManagersView = z.infer<typeof wantedManagersSchema>;

/** The Swarm of an environment; never a token, never a key. */
export const clusterSchema = z.object({
  /** `none`: no host has joined yet. `blocked`: it takes no changes, and a warning says why. */
  state: z.enum(['none', 'ready', 'changing', 'degraded', 'blocked']),
  clusterId: z.string().nullable(),
  leader: z.string().nullable(),
  quorum: z.object({ managers: z.number(), reachable: z.number(), spare: z.number(), words: z.string() }).nullable(),
  heartbeatMs: z.number().nullable(),
  autolock: z.boolean().nullable(),
  wantedManagers: wantedManagersSchema,
  nodes: z.array(clusterNodeSchema),
  /** What is being done, in words. */
  doing: z.array(z.string()),
  /** What somebody should know or do, in words. */
  warnings: z.array(z.string()),
});
export type ClusterView = z.infer<typeof clusterSchema>;

/** What a Swarm without a quorum can go on from. */
export const recoverySchema = z.object({
  /** Why it is not called for; nothing can be recovered then. */
  refusal: z.string().optional(),
  /** Hosts to go on from, the best first. */
  choices: z.array(z.object({ host: z.string(), why: z.string() })),
  /** Managers that are given up. */
  givenUp: z.array(z.string()),
  /** What whoever decides has to know, in words. */
  warnings: z.array(z.string()),
});
export type RecoveryView = z.infer<typeof recoverySchema>;

/** What draining a host would do, before it is done. */
export const drainPreviewSchema = z.object({
  host: z.string(),
  moves: z.array(
    z.object({
      service: z.string(),
      tasks: z.number(),
      /** `start-first`: the others run before these end. `stop-first`: these end first. `ends`: nothing takes their place. */
      how: z.enum(['start-first', 'stop-first', 'ends']),
      why: z.string(),
      to: z.array(z.string()),
    }),
  ),
  /** What no other host can take, with what rules which hosts out. */
  stuck: z.array(z.object({ service: z.string(), tasks: z.number(), reasons: z.array(z.string()) })),
  /** Data that stays behind, in words. */
  data: z.array(z.string()),
  /** Containers that are not moved. */
  pinned: z.array(z.string()),
});
export type DrainPreviewView = z.infer<typeof drainPreviewSchema>;

/** One thing that a drain does, in words. */
export const drainEventSchema = z.object({ message: z.string(), ended: z.boolean().default(false) });
export type DrainEvent = z.infer<typeof drainEventSchema>;

const onHost = z.object({ host: z.string().max(100) });

/** The Swarm of an environment of the kind `swarm`; refused elsewhere. */
export const cluster = {
  get: route
    .route({
      method: 'GET',
      path: '/swarm',
      summary: 'The Swarm of the environment: managers, quorum, nodes, warnings',
    })
    .meta({ permission: 'read' })
    .output(clusterSchema),
  set: route
    .route({
      method: 'PUT',
      path: '/swarm',
      summary: 'Say how many managers there are, how fast a loss is seen, autolock',
    })
    .meta({ permission: 'admin' })
    .input(
      z.object({
        managers: wantedManagersSchema.optional(),
        /** Milliseconds between two heartbeats of a node. */
        heartbeatMs: z.number().int().min(500).max(60_000).optional(),
        autolock: z.boolean().optional(),
      }),
    )
    .output(clusterSchema),
  rotate: route
    .route({ method: 'POST', path: '/swarm/rotate', summary: 'Make a join token or the unlock key of the Swarm anew' })
    .meta({ permission: 'admin' })
    .input(z.object({ token: z.enum(['worker-token', 'manager-token', 'unlock-key']) }))
    .output(clusterSchema),
  drainPreview: route
    .route({ method: 'GET', path: '/swarm/hosts/{host}/drain', summary: 'What draining a host would do' })
    .meta({ permission: 'read' })
    .input(onHost)
    .output(drainPreviewSchema),
  drain: route
    .route({
      method: 'POST',
      path: '/swarm/hosts/{host}/drain',
      summary: 'Empty a host, replacing before stopping where that can be; goes on when nobody follows',
    })
    .meta({ permission: 'operate' })
    .input(onHost.extend({ stopStuck: z.boolean().default(false) }))
    .output(eventIterator(drainEventSchema)),
  endDrain: route
    .route({ method: 'POST', path: '/swarm/hosts/{host}/drain/end', summary: 'End a drain: the host is as before' })
    .meta({ permission: 'operate' })
    .input(onHost)
    .output(clusterSchema),
  cordon: route
    .route({ method: 'POST', path: '/swarm/hosts/{host}/cordon', summary: 'Place nothing new on a host' })
    .meta({ permission: 'operate' })
    .input(onHost)
    .output(clusterSchema),
  activate: route
    .route({ method: 'POST', path: '/swarm/hosts/{host}/activate', summary: 'Let a host take tasks again' })
    .meta({ permission: 'operate' })
    .input(onHost)
    .output(clusterSchema),
  recovery: route
    .route({ method: 'GET', path: '/swarm/recovery', summary: 'What a Swarm without a quorum can go on from' })
    .meta({ permission: 'admin' })
    .output(recoverySchema),
  recover: route
    .route({ method: 'POST', path: '/swarm/recover', summary: 'Go on from one manager’s state; the others join anew' })
    .meta({ permission: 'admin' })
    .input(z.object({ host: z.string().max(100) }))
    .output(clusterSchema),
};
