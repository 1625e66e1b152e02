import type { Plan } from '../../model/plan.ts';
import type { SwarmObserved } from '../../model/swarm/observed.ts';
import type { SwarmSelection } from '../../model/swarm/plan-options.ts';
import { planRestart } from '../operate.ts';
import { OperationBuilder } from '../operation-builder.ts';
import { registryOf } from './compare/image-reference.ts';
import { keyOf } from './leftovers.ts';
import { onPinnedHosts } from './pinned/standing.ts';
import { selectStackServices } from './select-stack-services.ts';
import { isJob, standingMode } from './spec/task-mode.ts';

const causes = ['a restart was asked for'];

/** Makes the tasks of the stack's services anew, by the update settings of each. A job runs again only where it is named. */
export function planSwarmRestart(observed: SwarmObserved, options: SwarmSelection = {}): Plan {
  const { project } = observed;
  const builder = new OperationBuilder();
  const services = selectStackServices(observed, options.services).filter(
    ({ Spec }) => options.services !== undefined || !isJob(standingMode(Spec.Mode)),
  );
  for (const standing of services) {
    const { ID, Version, Spec } = standing;
    const [service, name] = [keyOf(project, standing), Spec.Name ?? ''];
    const ForceUpdate = (Spec.TaskTemplate?.ForceUpdate ?? 0) + 1;
    const spec = { ...Spec, TaskTemplate: { ...Spec.TaskTemplate, ForceUpdate } };
    const registry = registryOf(Spec.TaskTemplate?.ContainerSpec?.Image ?? '');
    const madeBy = builder.add(
      'service-update',
      { serviceId: ID, version: Version.Index, spec, registry },
      { target: name, service, causes, impact: 'restarted' },
    );
    const condition = isJob(standingMode(Spec.Mode)) ? 'completed' : 'running';
    const awaited = { service, name, id: ID, version: { madeBy } };
    builder.add(
      'service-wait',
      { services: [awaited], condition, required: true },
      {
        target: name,
        service,
        variant: condition,
        causes: ['its tasks must run again'],
        impact: 'none',
        after: [madeBy],
      },
    );
  }
  const here = onPinnedHosts(observed, options.services, (host, names) =>
    planRestart(host, names === undefined ? {} : { services: names }),
  );
  for (const operation of here.operations) builder.adopt(operation);
  return {
    project,
    operations: builder.finish(),
    services: [
      ...services.map((standing) => ({ service: keyOf(project, standing), change: 'restarted', causes }) as const),
      ...here.services,
    ],
    notices: [],
  };
}
