import type { Observed } from '../../../model/observed.ts';
import type { Operation } from '../../../model/operation.ts';
import type { Plan, ServiceChange } from '../../../model/plan.ts';
import type { SwarmObserved } from '../../../model/swarm/observed.ts';
import { candidates } from '../../candidates.ts';
import { onHost } from './on-host.ts';

/** The services of the stack that have a container on a host, one-off ones aside. */
export function pinnedServicesOn(observed: Observed): ReadonlySet<string> {
  return new Set(candidates(observed).keys());
}

/** What a plan of one engine says for every host, with `names` (absent is all) cut down to what the host has. */
export function onPinnedHosts(
  { pinned = new Map() }: SwarmObserved,
  names: readonly string[] | undefined,
  plan: (observed: Observed, names: readonly string[] | undefined, host: string) => Plan,
): { readonly operations: readonly Operation[]; readonly services: readonly ServiceChange[] } {
  const operations: Operation[] = [];
  const services: ServiceChange[] = [];
  for (const [host, observed] of [...pinned].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const here = pinnedServicesOn(observed);
    const own = names?.filter((name) => here.has(name));
    if (own?.length === 0) continue;
    const made = plan(observed, own, host);
    operations.push(...onHost(made.operations, host));
    services.push(...made.services);
  }
  return { operations, services };
}
