import { PlanError } from '../../model/errors.ts';
import type { ObservedService, SwarmObserved } from '../../model/swarm/observed.ts';
import { keyOf } from './leftovers.ts';
import { pinnedServicesOn } from './pinned/standing.ts';

/** The stack's services that stand, or those of them that are named, by name. Throws `PlanError` for a name that is neither one of them nor of a pinned container. */
export function selectStackServices(
  { project, services, pinned = new Map() }: SwarmObserved,
  names: readonly string[] | undefined,
): readonly ObservedService[] {
  const keys = new Set([
    ...services.map((standing) => keyOf(project, standing)),
    ...[...pinned.values()].flatMap((host) => [...pinnedServicesOn(host)]),
  ]);
  const unknown = (names ?? []).filter((name) => !keys.has(name));
  if (unknown.length > 0) {
    throw new PlanError(
      project,
      unknown.map((name) => ({ code: 'invalid', message: `there is no service ${name}`, service: name })),
    );
  }
  return services
    .filter((standing) => names === undefined || names.includes(keyOf(project, standing)))
    .sort((a, b) => ((a.Spec.Name ?? '') < (b.Spec.Name ?? '') ? -1 : 1));
}
