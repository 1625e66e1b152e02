import { z } from 'zod';
import { route } from './route.ts';

/** The name of the host that has it, where the environment has several. */
const onHost = z.string().optional();

export const imageSchema = z.object({
  id: z.string(),
  tags: z.array(z.string()),
  digests: z.array(z.string()),
  sizeBytes: z.number(),
  createdAt: z.string(),
  containers: z.number(),
  host: onHost,
});
export const networkSchema = z.object({
  id: z.string(),
  name: z.string(),
  driver: z.string(),
  scope: z.string(),
  internal: z.boolean(),
  stack: z.string().optional(),
  subnets: z.array(z.string()),
  containers: z.number(),
  createdAt: z.string(),
  /** Absent where the network spans hosts. */
  host: onHost,
});
export const volumeSchema = z.object({
  name: z.string(),
  driver: z.string(),
  mountpoint: z.string(),
  stack: z.string().optional(),
  usedBy: z.array(z.string()),
  sizeBytes: z.number().optional(),
  createdAt: z.string().optional(),
  host: onHost,
});
export type ImageView = z.infer<typeof imageSchema>;
export type NetworkView = z.infer<typeof networkSchema>;
export type VolumeView = z.infer<typeof volumeSchema>;

const usage = z.object({ count: z.number(), active: z.number(), sizeBytes: z.number(), reclaimableBytes: z.number() });
export const diskUsageSchema = z.object({ images: usage, containers: usage, volumes: usage, buildCache: usage });

export const pruneCandidateSchema = z.object({
  kind: z.enum(['container', 'image', 'network', 'build-cache']),
  id: z.string(),
  name: z.string(),
  sizeBytes: z.number(),
  reason: z.string(),
  host: onHost,
});
/** What a prune would remove. `confirm` stands for exactly this list; pruning asks for it back. Volumes are never in it. */
export const prunePreviewSchema = z.object({
  candidates: z.array(pruneCandidateSchema),
  reclaimableBytes: z.number(),
  confirm: z.string(),
});
export const pruneResultSchema = z.object({
  removed: z.array(pruneCandidateSchema),
  kept: z.array(z.object({ id: z.string(), reason: z.string() })),
  reclaimedBytes: z.number(),
});

/** `host` says which one is meant where several hosts have something of that name. */
const byId = z.object({ id: z.string(), host: onHost });
const removed = z.object({ removed: z.string() });

export const images = {
  list: route
    .route({ method: 'GET', path: '/images', summary: 'Images on the host' })
    .meta({ permission: 'read' })
    .output(z.array(imageSchema)),
  remove: route
    .route({ method: 'DELETE', path: '/images/{id}', summary: 'Remove an image that nothing uses' })
    .meta({ permission: 'operate' })
    .input(byId)
    .output(removed),
};
export const networks = {
  list: route
    .route({ method: 'GET', path: '/networks', summary: 'Networks on the host' })
    .meta({ permission: 'read' })
    .output(z.array(networkSchema)),
  remove: route
    .route({ method: 'DELETE', path: '/networks/{id}', summary: 'Remove a network that nothing uses' })
    .meta({ permission: 'operate' })
    .input(byId)
    .output(removed),
};
export const volumes = {
  list: route
    .route({ method: 'GET', path: '/volumes', summary: 'Volumes on the host' })
    .meta({ permission: 'read' })
    .output(z.array(volumeSchema)),
  remove: route
    .route({
      method: 'DELETE',
      path: '/volumes/{name}',
      summary: 'Remove a volume and its data; asks for the name a second time',
    })
    .meta({ permission: 'operate' })
    .input(z.object({ name: z.string(), confirm: z.string(), host: onHost }))
    .output(removed),
};
export const disk = {
  usage: route
    .route({ method: 'GET', path: '/disk', summary: 'What takes up the disk' })
    .meta({ permission: 'read' })
    .output(diskUsageSchema),
  prunePreview: route
    .route({ method: 'GET', path: '/disk/prune', summary: 'What a prune would remove' })
    .meta({ permission: 'operate' })
    .output(prunePreviewSchema),
  prune: route
    .route({ method: 'POST', path: '/disk/prune', summary: 'Remove what the preview named' })
    .meta({ permission: 'operate' })
    .input(z.object({ confirm: z.string() }))
    .output(pruneResultSchema),
};
