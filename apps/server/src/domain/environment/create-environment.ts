import { join } from 'node:path';
import { unreachable } from '@drover/base';
import type { EnvironmentKind } from '@drover/contract';
import type { Sealer } from '../../seal/sealer.ts';
import type { ClusterSettingsStore } from '../cluster/cluster-settings.ts';
import type { Registries } from '../credential/registries.ts';
import type { DeploymentStore } from '../deployment/deployment-store.ts';
import { type Log, logOfEnvironment } from '../log.ts';
import type { BlobStore } from '../source/blob-store.ts';
import type { StackStore } from '../stack/stack-store.ts';
import type { EngineAccess } from './engine-access.ts';
import { createEngineEnvironment } from './engine-environment.ts';
import type { RunningEnvironment } from './environment-domain.ts';
import type { EnvironmentHosts } from './environment-hosts.ts';
import { localEnvironment } from './environment-store.ts';
import { createSwarmEnvironment } from './swarm-environment.ts';

/** What environments are made of. */
export interface EnvironmentParts {
  /** The engine of an environment of the kind `engine`. */
  readonly engineOf: (environment: string) => EngineAccess;
  /** The hosts that joined an environment. */
  readonly hostsOf: (environment: string) => EnvironmentHosts;
  /** What an environment of the kind `swarm` keeps. */
  readonly settingsOf: (environment: string) => ClusterSettingsStore;
  readonly store: {
    readonly blobs: BlobStore;
    readonly sealer: Sealer;
    of(environment: string): { readonly stacks: StackStore; readonly deployments: DeploymentStore };
  };
  readonly folder: { readonly stacks: string; readonly work: string; readonly environments: string };
  readonly registries: Registries;
  readonly onForgotten: () => void;
  readonly engineWaitMs: number;
  /** Milliseconds for which a host must be away before its pinned containers are made elsewhere; 30 000 by itself. */
  readonly lostMs?: number | undefined;
  readonly log: Log;
}

/** Puts an environment of a kind together. Nothing happens until its `start`. */
export function createEnvironment(
  { name, kind }: { readonly name: string; readonly kind: EnvironmentKind },
  { engineOf, hostsOf, settingsOf, store, folder, ...shared }: EnvironmentParts,
): RunningEnvironment {
  const base = {
    ...shared,
    name,
    store: store.of(name),
    folder: foldersOf(name, folder),
    blobs: store.blobs,
    sealer: store.sealer,
    log: logOfEnvironment(shared.log, name),
  };
  switch (kind) {
    case 'engine':
      return createEngineEnvironment({ ...base, ...engineOf(name) });
    case 'swarm':
      return createSwarmEnvironment({ ...base, hosts: hostsOf(name), settings: settingsOf(name) });
    default:
      return unreachable(kind);
  }
}

/** Stacks of one name in two environments have files of their own. */
function foldersOf(name: string, folder: EnvironmentParts['folder']): { stacks: string; work: string } {
  if (name === localEnvironment) return folder;
  return { stacks: join(folder.environments, name, 'stacks'), work: join(folder.work, 'environments', name) };
}
