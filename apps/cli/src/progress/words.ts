import type { DeploymentAction, DeploymentState } from '@drover/contract';

/** What is happening while an operation runs, and what has happened when it is done; `target` comes after it. */
const operationWords: Readonly<Record<string, readonly [doing: string, done: string]>> = {
  'network-create': ['creating network', 'created network'],
  'network-remove': ['removing network', 'removed network'],
  'network-connect': ['connecting', 'connected'],
  'network-disconnect': ['disconnecting', 'disconnected'],
  'volume-create': ['creating volume', 'created volume'],
  'volume-remove': ['removing volume', 'removed volume'],
  'container-create': ['creating', 'created'],
  'container-update': ['updating', 'updated'],
  'container-start': ['starting', 'started'],
  'container-unpause': ['resuming', 'resumed'],
  'container-stop': ['stopping', 'stopped'],
  'container-restart': ['restarting', 'restarted'],
  'container-remove': ['removing', 'removed'],
  'container-rename': ['renaming', 'renamed'],
  'files-put': ['putting files into', 'put files into'],
  'hook-run': ['running a hook in', 'ran a hook in'],
  'pre-start-run': ['running a hook before', 'ran a hook before'],
  wait: ['waiting until ready', 'ready'],
  monitor: ['watching', 'watched'],
};

/** Kinds that order a plan or look at its end, and do nothing that a reader waits for. */
export const inwardKinds: ReadonlySet<string> = new Set(['gate', 'check']);

/** While a container is replaced, its successor has a name with an id before it; people know it by its last one. */
export function withLastNames(text: string): string {
  return text.replace(/\b[0-9a-f]{12}_(?=[a-z0-9])/g, '');
}

/** An operation's kind in words; one that this version does not know is shown as it is spelled. */
export function operationDoing(kind: string): string {
  return operationWords[kind]?.[0] ?? kind.replaceAll('-', ' ');
}

export function operationDone(kind: string): string {
  return operationWords[kind]?.[1] ?? `${kind.replaceAll('-', ' ')} done:`;
}

/** What a deployment does, for headings: `deploying shop`. */
export const actionDoing: Readonly<Record<DeploymentAction, string>> = {
  deploy: 'deploying',
  rollback: 'rolling back',
  stop: 'stopping',
  start: 'starting',
  restart: 'restarting',
  remove: 'taking down',
  pull: 'pulling the images of',
  build: 'building the images of',
  adopt: 'adopting',
};

/** How a deployment that succeeded is told: `shop is deployed`. */
export const actionDone: Readonly<Record<DeploymentAction, string>> = {
  deploy: 'is deployed',
  rollback: 'is rolled back',
  stop: 'is stopped',
  start: 'is started',
  restart: 'is restarted',
  remove: 'is down',
  pull: 'has its images',
  build: 'has its images built',
  adopt: 'is adopted',
};

export const phaseWords: Readonly<Record<string, string>> = {
  load: 'reading the files',
  images: 'getting images',
  plan: 'planning',
  execute: 'working',
  verify: 'checking that it stands',
  rollback: 'putting the previous state back',
};

export const stateWords: Readonly<Record<DeploymentState, string>> = {
  planned: 'is waiting',
  running: 'is running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'was cancelled',
};
