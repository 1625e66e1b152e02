import type { ContainerView } from '@drover/contract';

/**
 * Leaves out tasks whose place another one has taken: Swarm keeps those that have ended as its history, and of a host that cannot
 * be reached it is only known what ran there last. Tasks of a job all stay, since each is one run.
 */
export function currentTasks(
  views: readonly ContainerView[],
  isAway: (host: string | undefined) => boolean,
): readonly ContainerView[] {
  const places = Map.groupBy(views, placeOf);
  const runs = ({ state, host }: ContainerView): boolean => state === 'running' && !isAway(host);
  return views.filter((view) => {
    const place = placeOf(view);
    if (place === undefined || runs(view)) return true;
    const others = (places.get(place) ?? []).filter((other) => other !== view);
    return !others.some((other) => runs(other) || (view.number !== undefined && other.createdAt > view.createdAt));
  });
}

/** `shop_web.2` of the task `shop_web.2.q6p…`; a task of a global service or a job has its node there. */
function placeOf({ stack, service, name }: ContainerView): string | undefined {
  if (stack === undefined || service === undefined) return undefined;
  const place = /^(.+\.[^.]+)\.[^.]+$/.exec(name)?.[1];
  return place?.startsWith(`${stack}_${service}.`) ? place : undefined;
}
