import type { Plan } from '@drover/orchestration';

/** Where the containers of pinned services were put, by stack and service; the hosts by id, which a new name does not change. */
export type PlacedServices = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Remembers on which host each pinned container was put, also when that host is away and the server was restarted meanwhile: what holds
 * data there must not be made a second time elsewhere.
 */
export interface Placements {
  /** The names of hosts by service. A host that was removed is not among them. */
  of(stack: string): ReadonlyMap<string, string>;
  /** Keeps where a plan puts containers; durable when this resolves, before anything is made. */
  note(stack: string, plan: Plan): Promise<void>;
  /** Nothing of the stack stands any more. */
  forget(stack: string): Promise<void>;
}

/** The hosts, by name, on which a plan makes containers of services. */
export function placedBy({ operations }: Plan): ReadonlyMap<string, string> {
  return new Map(
    operations.flatMap(({ kind, host, service }) =>
      kind === 'container-create' && host !== undefined && service !== undefined ? [[service, host]] : [],
    ),
  );
}
