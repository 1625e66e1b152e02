import type { ContainerView } from '@drover/contract';

const ended: ReadonlySet<string> = new Set(['exited', 'dead', 'removing']);

/**
 * Without the containers of tasks that others have taken the place of: Swarm keeps some of them as its history, and a host that cannot
 * be reached may hold some that run elsewhere now. Of a place that holds nothing that runs, the newest is how it ended.
 */
export function currentContainers(
  containers: readonly ContainerView[],
  isReachable: (host: string | undefined) => boolean,
): readonly ContainerView[] {
  const places = Map.groupBy(containers, placeOf);
  const gone = new Set<ContainerView>();
  for (const [place, views] of places) {
    if (place === undefined || views.length === 1) continue;
    const runs = views.filter(({ state }) => !ended.has(state));
    const surely = runs.filter(({ host }) => isReachable(host));
    const newest = views.reduce((a, b) => (a.createdAt >= b.createdAt ? a : b));
    for (const view of views) {
      if (ended.has(view.state)) {
        // Without a number each may be a run of a job.
        if (runs.length > 0 || (view.number !== undefined && view !== newest)) gone.add(view);
      } else if (surely.length > 0 && !isReachable(view.host)) gone.add(view);
    }
  }
  return containers.filter((view) => !gone.has(view));
}

/** The place of a container in its service: its slot, or its host where it runs on every one; undefined for one of no service. */
function placeOf({ stack, service, number, host, oneOff }: ContainerView): string | undefined {
  if (stack === undefined || service === undefined || oneOff) return undefined;
  return `${stack}\0${service}\0${number ?? host ?? ''}`;
}
