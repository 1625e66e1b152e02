import type { Registries } from './credential/registries.ts';
import type { Environments } from './environment/environments.ts';
import type { HostAdmission } from './host/host-admission.ts';
import type { HostUpgrades } from './host/host-upgrades.ts';
import type { Hosts } from './host/hosts.ts';
import type { Sessions } from './session.ts';
import type { Blobs } from './source/blobs.ts';
import type { SystemService } from './system.ts';
import type { Tickets } from './ticket.ts';

/** Everything of the server as a whole; what belongs to one environment is an `EnvironmentDomain`. */
export interface Domain {
  readonly sessions: Sessions;
  readonly tickets: Tickets;
  readonly system: SystemService;
  readonly environments: Environments;
  readonly registries: Registries;
  readonly blobs: Blobs;
  readonly hosts: Hosts;
  readonly admission: HostAdmission;
  readonly upgrades: HostUpgrades;
}
