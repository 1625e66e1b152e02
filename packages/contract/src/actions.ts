import type { ContainerState } from './container.ts';
import type { DeploymentState } from './deployment.ts';
import type { HostState } from './host.ts';
import type { StackState } from './stack.ts';

export type StackAction =
  | 'edit'
  | 'deploy'
  | 'rollback'
  | 'stop'
  | 'start'
  | 'restart'
  | 'remove'
  | 'adopt'
  | 'cancel'
  | 'pull'
  | 'build'
  | 'run';

const busy = 'a deployment is running; wait for its end or cancel it';
const foreign = 'docker compose made this project; adopt it first';
const never = 'it was never deployed';

/** What may be done to a stack in which state: `true`, or the reason why not. One table for server, CLI and web. */
const table: Readonly<Record<StackAction, Partial<Readonly<Record<StackState, string>>>>> = {
  edit: { unmanaged: foreign },
  deploy: { unmanaged: foreign, deploying: busy },
  rollback: { unmanaged: foreign, deploying: busy, new: never },
  stop: { deploying: busy, new: never, stopped: 'nothing of it runs' },
  start: { deploying: busy, new: never },
  restart: { deploying: busy, new: never },
  remove: { deploying: busy },
  adopt: {
    new: 'it is Drover’s already',
    deploying: 'it is Drover’s already',
    running: 'it is Drover’s already',
    degraded: 'it is Drover’s already',
    stopped: 'it is Drover’s already',
    failed: 'it is Drover’s already',
  },
  cancel: {
    unmanaged: 'nothing is being deployed',
    new: 'nothing is being deployed',
    running: 'nothing is being deployed',
    degraded: 'nothing is being deployed',
    stopped: 'nothing is being deployed',
    failed: 'nothing is being deployed',
  },
  pull: { unmanaged: foreign, deploying: busy },
  build: { unmanaged: foreign, deploying: busy },
  run: { unmanaged: foreign },
};

/** The reason why an action is not allowed on a stack in this state, or `undefined` when it is. */
export function disabledReason(action: StackAction, state: StackState): string | undefined {
  return table[action][state];
}

/** Whether a deployment in this state has ended for good. */
export function isEnded(state: DeploymentState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

export type ContainerAction = 'start' | 'stop' | 'restart' | 'kill' | 'remove' | 'exec';

const runs = 'it runs already';
const rests = 'it does not run';
const leaving = 'the engine is removing it';
const dead = 'it is dead; it can only be removed';

const containerTable: Readonly<Record<ContainerAction, Partial<Readonly<Record<ContainerState, string>>>>> = {
  start: { running: runs, restarting: runs, paused: 'it is paused, not stopped', removing: leaving, dead },
  stop: { created: rests, exited: rests, removing: leaving, dead },
  restart: { removing: leaving, dead },
  kill: { created: rests, exited: rests, removing: leaving, dead },
  remove: { removing: leaving },
  exec: { created: rests, exited: rests, paused: 'it is paused', restarting: rests, removing: leaving, dead },
};

/** The reason why an action is not allowed on a container in this state, or `undefined` when it is. */
export function containerDisabledReason(action: ContainerAction, state: ContainerState): string | undefined {
  return containerTable[action][state];
}

export type HostAction =
  | 'rename'
  | 'label'
  | 'remove'
  | 'load'
  | 'upgrade'
  | 'replace'
  | 'drain'
  | 'cordon'
  | 'activate';

const gone = 'it was removed';
const notYet = 'its agent has not connected yet';
const away = 'its agent cannot be reached';

const hostTable: Readonly<Record<HostAction, Partial<Readonly<Record<HostState, string>>>>> = {
  rename: { removed: gone },
  label: { removed: gone },
  remove: { removed: gone },
  load: { connecting: notYet, unreachable: away, removed: gone },
  upgrade: { connecting: notYet, unreachable: away, removed: gone },
  replace: { removed: `${gone}: add the machine as a new one` },
  drain: { drained: 'it is drained already', connecting: notYet, removed: gone },
  cordon: {
    cordoned: 'it gets nothing new already',
    draining: 'it is being drained',
    drained: 'it is drained: it holds nothing and gets nothing',
    removed: gone,
  },
  activate: { ready: 'it takes tasks already', removed: gone },
};

/** The reason why an action is not allowed on a host in this state, or `undefined` when it is. */
export function hostDisabledReason(action: HostAction, state: HostState): string | undefined {
  return hostTable[action][state];
}
