import { composeLabel } from '../model/labels.ts';
import type { Observed, ObservedContainer } from '../model/observed.ts';

/** The project's containers by service, then by number. One-off ones and those on their way out are left out. */
export type Candidates = ReadonlyMap<string, ReadonlyMap<number, readonly ObservedContainer[]>>;

/** Sorts what stands into the slots that its labels name. */
export function candidates(observed: Observed): Candidates {
  const services = new Map<string, Map<number, ObservedContainer[]>>();
  for (const container of observed.containers) {
    const labels = container.Config.Labels ?? {};
    if (labels[composeLabel.oneOff] === 'True' || container.State.Status === 'removing') continue;
    const service = labels[composeLabel.service] ?? '';
    const number = Number.parseInt(labels[composeLabel.number] ?? '', 10) || 0;
    const numbers = services.get(service) ?? new Map<number, ObservedContainer[]>();
    services.set(service, numbers);
    numbers.set(number, [...(numbers.get(number) ?? []), container]);
  }
  return services;
}

/** The container's name without the slash. */
export function nameOf(container: ObservedContainer): string {
  return container.Name.replace(/^\//, '');
}

export function isUp(container: ObservedContainer): boolean {
  const { Status } = container.State;
  return Status === 'running' || Status === 'restarting' || Status === 'paused';
}

/** Which of several containers in one slot serves it best: one that runs, then one with the slot's name, then the newest. */
export function bestFirst(containers: readonly ObservedContainer[], finalName: string): ObservedContainer[] {
  const rank = (container: ObservedContainer): number =>
    (isUp(container) ? 2 : 0) + (nameOf(container) === finalName ? 1 : 0);
  return [...containers].sort((a, b) => rank(b) - rank(a) || (a.Created < b.Created ? 1 : -1));
}
