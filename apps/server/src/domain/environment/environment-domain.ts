import type { ChangeEvent, EnvironmentKind, SystemView } from '@drover/contract';
import type { Cluster } from '../cluster/cluster.ts';
import type { Containers } from '../container/containers.ts';
import type { Variables } from '../credential/variables.ts';
import type { Deployments } from '../deployment/deployments.ts';
import type { Disk } from '../resource/disk.ts';
import type { Images } from '../resource/images.ts';
import type { Networks } from '../resource/networks.ts';
import type { Volumes } from '../resource/volumes.ts';
import type { Stacks } from '../stack/stacks.ts';

/** What a class shows to others: another kind of environment may bring its own, with no private part in common. */
type Face<Class> = Pick<Class, keyof Class>;

/** What there is one of per environment, and all that a request for one can ask for. */
export interface EnvironmentDomain {
  readonly name: string;
  readonly kind: EnvironmentKind;
  /** Fires when the environment is removed or the server stops: streams of it end. */
  readonly ended: AbortSignal;
  /** The engine that answers for it, as of now. */
  engine(): SystemView['engine'];
  /** What changes from now on; with `stack`, of that stack alone (and what concerns all). */
  events(stack: string | undefined, signal: AbortSignal): AsyncIterable<ChangeEvent>;
  /** The Swarm; undefined where one engine is all there is. */
  readonly cluster: Omit<Face<Cluster>, 'manager' | 'placements' | 'start' | 'stop'> | undefined;
  readonly stacks: Face<Stacks>;
  readonly deployments: Pick<Deployments, 'list' | 'get' | 'events' | 'cancel'>;
  readonly containers: Omit<Face<Containers>, 'stop'>;
  readonly images: Face<Images>;
  readonly networks: Face<Networks>;
  readonly volumes: Face<Volumes>;
  readonly disk: Face<Disk>;
  readonly variables: Face<Variables>;
}

export interface RunningEnvironment {
  readonly domain: EnvironmentDomain;
  /** Tells those who watch this environment something that concerns the whole server. */
  announce(event: ChangeEvent): void;
  /** Goes on with deployments that were cut off: they run when this resolves, or wait for the engine. */
  resume(): Promise<void>;
  /** Looks at its engine; resolves when that is known, or known to be away. */
  start(): Promise<void>;
  stop(): Promise<void>;
}
