import type { ImageConfig } from '../container-body.ts';
import type { Desired, ServiceImage } from '../desired.ts';
import type { Platform } from './service-spec.ts';

/** The image that the tasks of a service run, settled before anything is planned. */
export interface SwarmImage {
  /** As the file says it, or the name under which a built one was pushed. */
  readonly ref: string;
  /** With its digest (`redis:7@sha256:…`), so that every host runs the same; like `ref` only where no registry has the image. */
  readonly pinned: string;
  /** The image's own settings; absent where they could not be read. */
  readonly config?: ImageConfig;
  /** The platforms that the image is made for; absent or empty where they are not known. */
  readonly platforms?: readonly Platform[];
  /** The image as an engine has it; only a pinned container is made from it. */
  readonly local?: ServiceImage;
}

/** What is known of the Swarm's hosts, as far as plans depend on it. What is absent is taken for what is usual. */
export interface SwarmFacts {
  /** The lowest version of the Engine API among the managers. */
  readonly managerApi: string;
  /** The lowest among all hosts; absent: that of the managers. */
  readonly nodeApi?: string;
  /** Whether the kernel of every host has IPVS, which virtual addresses and the routing mesh need. */
  readonly ipvs?: boolean;
  readonly cgroupVersion?: 1 | 2;
  readonly os?: 'linux' | 'windows';
}

/** A complete revision of a stack on a Swarm, ready to be planned. */
export interface SwarmDesired extends Omit<Desired, 'images'> {
  /** By service; every active service has one. `hookImageKey` names those of hooks. */
  readonly images: ReadonlyMap<string, SwarmImage>;
  readonly facts: SwarmFacts;
  /**
   * What secrets without Drover's label are known to hold, as versions by key: those of the revision that took the stack over from
   * `docker stack deploy`. Where it says nothing, such a secret is taken to hold what is wanted.
   */
  readonly adoptedSecrets?: ReadonlyMap<string, string>;
  /** Where the containers of pinned services were put last, by service: the names of hosts, of use when such a host is away. */
  readonly placed?: ReadonlyMap<string, string>;
}
