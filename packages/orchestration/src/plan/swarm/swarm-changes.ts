import type { ServiceChange, ServiceChangeKind } from '../../model/plan.ts';
import type { ObservedService } from '../../model/swarm/observed.ts';
import { keyOf } from './leftovers.ts';
import type { SwarmServiceDecision } from './service-decision.ts';

/** What a plan does to each service, in words. */
export function swarmServiceChanges(
  project: string,
  decisions: readonly SwarmServiceDecision[],
  orphans: readonly ObservedService[],
  onHosts: readonly ServiceChange[],
): ServiceChange[] {
  const ofContainers = new Set(onHosts.map(({ service }) => service));
  const ofTasks = new Set(decisions.map(({ name }) => name));
  return [
    // A service that changes hands is gone from one side and new on the other: what comes is said.
    ...onHosts.filter(({ service }) => !ofTasks.has(service)),
    ...decisions.map((decision) => ({ service: decision.name, change: changeOf(decision), causes: decision.causes })),
    ...orphans
      .filter((standing) => !ofContainers.has(keyOf(project, standing)))
      .map((standing): ServiceChange => {
        const causes = ['the service is not in the project'];
        return { service: keyOf(project, standing), change: 'removed', causes };
      }),
  ].sort((a, b) => (a.service < b.service ? -1 : 1));
}

function changeOf({ kind, replacesTasks, scaled }: SwarmServiceDecision): ServiceChangeKind {
  switch (kind) {
    case 'keep':
      return 'unchanged';
    case 'create':
      return 'created';
    case 'remake':
      return 'recreated';
    case 'update':
      return replacesTasks ? 'recreated' : scaled === undefined ? 'changed' : 'scaled';
  }
}
