import type { ContainerView } from '@drover/contract';

const ended: ReadonlySet<string> = new Set(['exited', 'dead', 'removing']);

/**
 * Without the containers of tasks that others have taken the place of: Swarm keeps some of them as its history, and they say nothing
 * about how the stack is now. Of a place that holds nothing that runs, the newest is how it ended.
 */
export function currentContainers(containers: readonly ContainerView[]): readonly ContainerView[] {
  const places = Map.groupBy(containers, placeOf);
  const gone = new Set<ContainerView>();
  for (const [place, views] of places) {
    if (place === undefined) continue;
    const runs = views.some(({ state }) => !ended.has(state));
    const newest = views.reduce((a, b) => (a.createdAt >= b.createdAt ? a : b));
    for (const view of views) if (ended.has(view.state) && (runs || view !== newest)) gone.add(view);
  }
  return containers.filter((view) => !gone.has(view));
}

/** The place of a task in its service: its slot, or its host where it runs on every one; undefined for other containers. */
function placeOf({ stack, service, number, host, name, oneOff }: ContainerView): string | undefined {
  if (stack === undefined || service === undefined || oneOff || !name.startsWith(`${stack}_${service}.`))
    return undefined;
  return `${stack}\0${service}\0${number ?? host ?? ''}`;
}
