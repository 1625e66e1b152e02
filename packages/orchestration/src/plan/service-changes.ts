import { composeLabel } from '../model/labels.ts';
import type { ObservedContainer } from '../model/observed.ts';
import type { Operation } from '../model/operation.ts';
import type { ServiceChange, ServiceChangeKind } from '../model/plan.ts';
import type { ProjectDecision } from './decide-project.ts';
import type { ServiceDecision } from './slot.ts';

/** What a plan does to each service, in words. */
export function serviceChanges(
  decision: ProjectDecision,
  orphans: readonly ObservedContainer[],
  operations: readonly Operation[],
): ServiceChange[] {
  const byService = new Map<string, Operation[]>();
  for (const operation of operations) {
    const { service } = operation;
    if (service === undefined || operation.kind === 'wait') continue;
    const list = byService.get(service) ?? [];
    list.push(operation);
    byService.set(service, list);
  }
  const removed = new Set(orphans.map((container) => container.Config.Labels?.[composeLabel.service] ?? ''));
  return [
    ...decision.services.map((service) => serviceChange(service, byService.get(service.name) ?? [], decision)),
    ...[...removed].map(
      (service) => ({ service, change: 'removed', causes: ['the service is not in the project'] }) as const,
    ),
  ].sort((a, b) => (a.service < b.service ? -1 : 1));
}

function serviceChange(
  decision: ServiceDecision,
  operations: readonly Operation[],
  project: ProjectDecision,
): ServiceChange {
  const { name, slots, surplus } = decision;
  const of = (change: ServiceChangeKind, causes: readonly string[]): ServiceChange => ({
    service: name,
    change,
    causes: [...new Set(causes)],
  });
  if (operations.length === 0) return of('unchanged', []);
  const replaced = slots.filter(({ target, others }) => target.kind === 'new' && others.length > 0);
  if (replaced.length > 0)
    return of(
      'recreated',
      replaced.flatMap(({ causes }) => causes),
    );
  const fresh = slots.filter(({ target }) => target.kind === 'new');
  const before = slots.length - fresh.length + surplus.length;
  if (fresh.length > 0 && (project.standing.get(name)?.size ?? 0) === 0)
    return of(
      'created',
      fresh.flatMap(({ causes }) => causes),
    );
  if (before !== slots.length) return of('scaled', [`containers: ${before} → ${slots.length}`]);
  const starts = operations.filter(({ kind }) => kind === 'container-start' || kind === 'container-unpause');
  const causes = (starts.length > 0 ? starts : operations).flatMap((operation) => operation.causes);
  if (operations.some(({ kind }) => kind === 'container-stop') && starts.length > 0) return of('restarted', causes);
  return of(starts.length > 0 ? 'started' : 'changed', causes);
}
