import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '@drover/engine';
import type { Sealer } from '../../seal/sealer.ts';
import { ChangeFeed } from '../change-feed.ts';
import { Containers } from '../container/containers.ts';
import type { Registries } from '../credential/registries.ts';
import { Variables } from '../credential/variables.ts';
import type { DeploymentStore } from '../deployment/deployment-store.ts';
import { Deployments } from '../deployment/deployments.ts';
import type { WorkerParts } from '../deployment/worker-parts.ts';
import { createWorkers } from '../deployment/workers.ts';
import { engineView } from '../host/engine-view.ts';
import { Host } from '../host/host.ts';
import type { HostGroup } from '../host/host-group.ts';
import type { Log } from '../log.ts';
import { EngineImages } from '../orchestrator/engine/engine-images.ts';
import { EngineOrchestrator } from '../orchestrator/engine/engine-orchestrator.ts';
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

export interface EngineEnvironmentOptions {
  readonly name: string;
  readonly engine: Engine;
  /** Where the engine is, in words for people. */
  readonly endpoint: string;
  /** Whether paths of this machine mean the same to the engine. */
  readonly sharesFiles: boolean;
  readonly store: { readonly stacks: StackStore; readonly deployments: DeploymentStore };
  readonly folder: { readonly stacks: string; readonly work: string };
  readonly blobs: BlobStore;
  readonly registries: Registries;
  readonly sealer: Sealer;
  /** Called when revisions were forgotten, and files with them may be needed no more. */
  readonly onForgotten: () => void;
  /** How long a deployment that was cut off waits, after a start, for an engine that starts too. */
  readonly engineWaitMs: number;
  readonly log: Log;
}

/** The environment of exactly one Docker Engine. Nothing happens until `start`. */
export function createEngineEnvironment(options: EngineEnvironmentOptions): RunningEnvironment {
  const { name, engine, endpoint, sharesFiles, store, folder, blobs, registries, sealer, log } = options;
  const ended = new AbortController();
  const feed = new ChangeFeed();
  const host = new Host({ engine, endpoint, sharesFiles, feed, log });
  const group: HostGroup = { hosts: () => [host] };
  const images = new EngineImages({ engine, registries, blobs, workFolder: folder.work });
  const orchestrator = new EngineOrchestrator(host, images);
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
    engineReady: (signal) => waitForEngine(host, options.engineWaitMs, signal),
    onChanged: () => orchestrator.invalidate(),
    async afterEnd(stack, revisions) {
      if (revisions.length === 0) return;
      await forgetRevisions({ images, log, stack, revisions });
      options.onForgotten();
    },
  });
  const drift = new Drift({ parts, feed, log });
  const containers = new Containers({ group, feed, blobs });
  return {
    domain: {
      name,
      kind: 'engine',
      ended: ended.signal,
      engine: () => engineView(host),
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
    announce(event) {
      feed.publish(event);
      if (event.type === 'host' && event.environment === name && event.state === 'ready') host.reconnect();
    },
    resume: () => deployments.start(),
    async start() {
      await host.start();
      // It may have been stopped while its engine was looked for.
      if (!ended.signal.aborted) drift.start();
    },
    async stop() {
      ended.abort();
      await Promise.all([drift.stop(), deployments.stop()]);
      containers.stop();
      await host.stop();
    },
  };
}

async function waitForEngine(host: Host, waitMs: number, signal: AbortSignal): Promise<void> {
  const until = Date.now() + waitMs;
  while (host.state.state !== 'connected' && Date.now() < until && !signal.aborted)
    await delay(200, undefined, { signal }).catch(() => {});
}
