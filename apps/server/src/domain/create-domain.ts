import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '@drover/engine';
import type { Sealer } from '../seal/sealer.ts';
import { ChangeFeed } from './change-feed.ts';
import { Containers } from './container/containers.ts';
import { Registries, type RegistryStore } from './credential/registries.ts';
import { Variables } from './credential/variables.ts';
import type { DeploymentStore } from './deployment/deployment-store.ts';
import { Deployments } from './deployment/deployments.ts';
import type { WorkerParts } from './deployment/worker-parts.ts';
import { createWorkers } from './deployment/workers.ts';
import type { Domain } from './domain.ts';
import { Host } from './host/host.ts';
import type { HostGroup } from './host/host-group.ts';
import { HouseKeeping } from './house-keeping.ts';
import type { Log } from './log.ts';
import { EngineImages } from './orchestrator/engine/engine-images.ts';
import { EngineOrchestrator } from './orchestrator/engine/engine-orchestrator.ts';
import { Disk } from './resource/disk.ts';
import { Images } from './resource/images.ts';
import { Networks } from './resource/networks.ts';
import { Volumes } from './resource/volumes.ts';
import { type AdminTokenFile, Sessions } from './session.ts';
import type { SessionStore } from './session-store.ts';
import type { BlobStore } from './source/blob-store.ts';
import { Blobs } from './source/blobs.ts';
import { ProjectLoader } from './source/load-project.ts';
import { Drift } from './stack/drift.ts';
import { StackFiles } from './stack/stack-files.ts';
import type { StackStore } from './stack/stack-store.ts';
import { Stacks } from './stack/stacks.ts';
import { SystemService } from './system.ts';
import { Tickets } from './ticket.ts';

export interface DomainOptions {
  readonly engine: Engine;
  readonly log: Log;
  readonly version: string;
  readonly endpoint: string;
  readonly sharesFiles: boolean;
  readonly folder: { readonly path: string; readonly stacks: string; readonly work: string };
  readonly store: {
    readonly sessions: SessionStore;
    readonly stacks: StackStore;
    readonly deployments: DeploymentStore;
    readonly registries: RegistryStore;
    readonly blobs: BlobStore;
    readonly sealer: Sealer;
    backUp(): { readonly path: string; readonly sizeBytes: number };
  };
  readonly adminToken: AdminTokenFile;
  readonly baseUrl: () => string;
  /** How long a deployment that was cut off waits, after a start, for an engine that starts too. */
  readonly engineWaitMs: number;
}

export interface RunningDomain {
  readonly domain: Domain;
  /** Looks at the engine and goes on with deployments that were cut off. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Puts the parts of the domain together. Nothing happens until `start`. */
export function createDomain(options: DomainOptions): RunningDomain {
  const { engine, log, version, endpoint, sharesFiles, folder, store } = options;
  const feed = new ChangeFeed();
  const host = new Host({ engine, endpoint, sharesFiles, feed, log });
  const group: HostGroup = { hosts: () => [host] };
  const registries = new Registries(store.registries);
  const blobs = new Blobs({ store: store.blobs, stacks: store.stacks, log });
  const images = new EngineImages({ engine, registries, blobs: store.blobs, workFolder: folder.work });
  const orchestrator = new EngineOrchestrator(host, images);
  const parts: WorkerParts = {
    orchestrator,
    stacks: store.stacks,
    deployments: store.deployments,
    blobs: store.blobs,
    loader: new ProjectLoader(store.blobs, folder.stacks),
    files: new StackFiles(folder.stacks, store.blobs),
    sealer: store.sealer,
  };
  const houseKeeping = new HouseKeeping(images, blobs, log);
  const deployments = new Deployments({
    store: store.deployments,
    workers: createWorkers(parts),
    feed,
    log,
    engineReady: (signal) => waitForEngine(host, options.engineWaitMs, signal),
    onChanged: () => orchestrator.invalidate(),
    afterEnd: (stack, forgotten) => houseKeeping.forgetRevisions(stack, forgotten),
  });
  const drift = new Drift({ parts, feed, log });
  const containers = new Containers({ group, feed, blobs: store.blobs });
  const sessions = new Sessions({
    store: store.sessions,
    file: options.adminToken,
    baseUrl: options.baseUrl,
    now: () => new Date(),
  });
  return {
    domain: {
      sessions,
      tickets: new Tickets(() => Date.now()),
      system: new SystemService({ version, dataDir: folder.path, host, feed, backUp: () => store.backUp() }),
      stacks: new Stacks({ parts, deployments, deploymentStore: store.deployments, drift }),
      deployments,
      containers,
      images: new Images(group, store.stacks),
      networks: new Networks(group),
      volumes: new Volumes(group),
      disk: new Disk(group, store.stacks),
      registries,
      variables: new Variables(store.stacks),
      blobs,
    },
    async start() {
      await sessions.start();
      await host.start();
      await deployments.start();
      drift.start();
      houseKeeping.start();
    },
    async stop() {
      await Promise.all([drift.stop(), houseKeeping.stop(), deployments.stop()]);
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
