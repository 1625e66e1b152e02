import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from './authorise.ts';
import { Refusal } from './refusal.ts';

export type TicketPurpose = 'exec' | 'attach';

/** What a ticket is good for. */
export interface TicketTarget {
  readonly purpose: TicketPurpose;
  readonly environment: string;
  readonly container: string;
}

interface Ticket extends TicketTarget {
  readonly principal: Principal;
  readonly expiresAt: number;
}

const ticketMs = 30_000;
const most = 1000;

/**
 * Single-use tickets for WebSockets, which cannot carry a bearer header. A ticket is bound to one purpose and one container of one
 * environment, and is worth what its owner's credential is worth when it is used. They live in memory: a restart ends them.
 */
export class Tickets {
  readonly #tickets = new Map<string, Ticket>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(target: TicketTarget, principal: Principal): string {
    this.#forgetOld();
    if (this.#tickets.size >= most)
      throw new Refusal('too-many', 'making a ticket: too many unused ones; wait a moment');
    const ticket = randomBytes(32).toString('base64url');
    this.#tickets.set(digest(ticket), { ...target, principal, expiresAt: this.#now() + ticketMs });
    return ticket;
  }

  /** Uses the ticket up, whatever the outcome; undefined when it is not good for this. */
  use(ticket: string, { purpose, environment, container }: TicketTarget): Principal | undefined {
    const key = digest(ticket);
    const found = this.#tickets.get(key);
    this.#tickets.delete(key);
    if (found === undefined || found.expiresAt <= this.#now()) return undefined;
    if (found.purpose !== purpose || found.environment !== environment || found.container !== container)
      return undefined;
    return found.principal.ended.aborted ? undefined : found.principal;
  }

  #forgetOld(): void {
    const now = this.#now();
    for (const [key, ticket] of this.#tickets) if (ticket.expiresAt <= now) this.#tickets.delete(key);
  }
}

function digest(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}
