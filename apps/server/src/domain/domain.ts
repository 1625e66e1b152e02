import type { Sessions } from './session.ts';
import type { Stacks } from './stack/stacks.ts';
import type { SystemService } from './system.ts';
import type { Tickets } from './ticket.ts';

/** Everything that the API can ask for. */
export interface Domain {
  readonly sessions: Sessions;
  readonly tickets: Tickets;
  readonly system: SystemService;
  readonly stacks: Stacks;
}
