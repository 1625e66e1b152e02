import { setTimeout as delay } from 'node:timers/promises';
import type { EnvironmentKind, SystemView } from '@drover/contract';
import type { Sealer } from '../../seal/sealer.ts';
import type { ChangeFeed } from '../change-feed.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { Containers } from '../container/containers.ts';
import { Variables } from '../credential/variables.ts';
import type { DeploymentStore } from '../deployment/deployment-store.ts';
import { Deployments } from '../deployment/deployments.ts';
import type { WorkerParts } from '../deployment/worker-parts.ts';
import { createWorkers } from '../deployment/workers.ts';
import type { HostGroup } from '../host/host-group.ts';
import type { Log } from '../log.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import { Disk } from '../resource/disk.ts';
import { Images } from '../resource/images.ts';
import { Networks } from '../resource/networks.ts';
import { Volumes } from '../resource/volumes.ts';
import type { BlobStore } from '../source/blob-store.ts';
import { ProjectLoader } from '../source/load-project.ts';
import { Drift } from '../stack/drift.ts';
import { StackFiles } from '../stack/stack-files.ts';
import type { StackStore } from '../stack/stack-store.ts';
import { Stacks } from '../stack/stacks.ts';
import type { RunningEnvironment } from './environment-domain.ts';
import { forgetRevisions } from './forget-revisions.ts';

/** What every environment keeps its stacks with, whatever its kind. */
export interface EnvironmentBase {
  readonly name: string;
  readonly store: { readonly stacks: StackStore; readonly deployments: DeploymentStore };
  readonly folder: { readonly stacks: string; readonly work: string };
  readonly blobs: BlobStore;
  readonly sealer: Sealer;
  /** Called when revisions were forgotten, and files with them may be needed no more. */
  readonly onForgotten: () => void;
  /** How long a deployment that was cut off waits, after a start, for an engine that starts too. */
  readonly engineWaitMs: number;
  readonly log: Log;
}

/** What one kind of environment brings. */
export interface EnvironmentRunner {
  readonly kind: EnvironmentKind;
  /** The Swarm, where it is one. */
  readonly cluster?: Cluster;
  readonly orchestrator: Orchestrator;
  readonly group: HostGroup;
  readonly feed: ChangeFeed;
  /** What keeps stacks beside deployments, where the kind has it. */
  keeperOf?(parts: WorkerParts, deployments: Deployments): { start(): void; stop(): Promise<void> };
  engine(): SystemView['engine'];
  /** Begins to look at the hosts; resolves when what can be reached is known. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Puts together what is the same for every environment, over what runs its stacks. Nothing happens until `start`. */
export function assembleEnvironment(
  { name, store, folder, blobs, sealer, onForgotten, engineWaitMs, log }: EnvironmentBase,
  { kind, cluster, orchestrator, group, feed, ...runner }: EnvironmentRunner,
): RunningEnvironment {
  const ended = new AbortController();
  const parts: WorkerParts = {
    orchestrator,
    stacks: store.stacks,
    deployments: store.deployments,
    blobs,
    loader: new ProjectLoader(blobs, folder.stacks),
    files: new StackFiles(folder.stacks, blobs),
    sealer,
  };
  const deployments = new Deployments({
    store: store.deployments,
    workers: createWorkers(parts),
    feed,
    log,
    engineReady: (signal) => waitUntilConnected(orchestrator, engineWaitMs, signal),
    onChanged: () => orchestrator.invalidate(),
    async afterEnd(stack, revisions) {
      if (revisions.length === 0) return;
      await forgetRevisions({ images: orchestrator.images, log, stack, revisions });
      onForgotten();
    },
  });
  const drift = new Drift({ parts, feed, log });
  const containers = new Containers({ group, feed, blobs });
  const keeper = runner.keeperOf?.(parts, deployments);
  return {
    domain: {
      name,
      kind,
      cluster,
      ended: ended.signal,
      engine: () => runner.engine(),
      events: (stack, signal) => feed.ofStack(stack, signal),
      stacks: new Stacks({ parts, deployments, deploymentStore: store.deployments, drift }),
      deployments,
      containers,
      images: new Images(group, store.stacks),
      networks: new Networks(group),
      volumes: new Volumes(group),
      disk: new Disk(group, store.stacks),
      variables: new Variables(store.stacks),
    },
    announce: (event) => feed.publish(event),
    resume: () => deployments.start(),
    async start() {
      await runner.start();
      // It may have been stopped while its hosts were looked for.
      if (ended.signal.aborted) return;
      drift.start();
      keeper?.start();
    },
    async stop() {
      ended.abort();
      await Promise.all([drift.stop(), keeper?.stop(), deployments.stop()]);
      containers.stop();
      await runner.stop();
    },
  };
}

async function waitUntilConnected(orchestrator: Orchestrator, waitMs: number, signal: AbortSignal): Promise<void> {
  const until = Date.now() + waitMs;
  while (!orchestrator.isConnected() && Date.now() < until && !signal.aborted)
    await delay(200, undefined, { signal }).catch(() => {});
}
