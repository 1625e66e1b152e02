import type { Containers } from './container/containers.ts';
import type { Registries } from './credential/registries.ts';
import type { Variables } from './credential/variables.ts';
import type { Deployments } from './deployment/deployments.ts';
import type { Disk } from './resource/disk.ts';
import type { Images } from './resource/images.ts';
import type { Networks } from './resource/networks.ts';
import type { Volumes } from './resource/volumes.ts';
import type { Sessions } from './session.ts';
import type { Blobs } from './source/blobs.ts';
import type { Stacks } from './stack/stacks.ts';
import type { SystemService } from './system.ts';
import type { Tickets } from './ticket.ts';

/** Everything that the API can ask for. */
export interface Domain {
  readonly sessions: Sessions;
  readonly tickets: Tickets;
  readonly system: SystemService;
  readonly stacks: Stacks;
  readonly deployments: Deployments;
  readonly containers: Containers;
  readonly images: Images;
  readonly networks: Networks;
  readonly volumes: Volumes;
  readonly disk: Disk;
  readonly registries: Registries;
  readonly variables: Variables;
  readonly blobs: Blobs;
}
