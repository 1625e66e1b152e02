import type { Plan } from '../../model/plan.ts';
import { stackLabel } from '../../model/swarm/labels.ts';
import type { ObservedFile, SwarmObserved } from '../../model/swarm/observed.ts';
import type { SwarmDownOptions } from '../../model/swarm/plan-options.ts';
import { planDown } from '../down.ts';
import { OperationBuilder } from '../operation-builder.ts';
import { emitServiceRemove } from './emit-service-remove.ts';
import { emitLeftovers } from './emit-swarm.ts';
import { keyOf } from './leftovers.ts';
import { onPinnedHosts } from './pinned/standing.ts';
import { ownNetworks } from './resources/networks.ts';
import { selectStackServices } from './select-stack-services.ts';

const causes = ['taking down was asked for'];

/**
 * Removes the stack's services and pinned containers, then its networks, secrets and configs, and those of its volumes that are named.
 * What other stacks use stays.
 */
export function planSwarmDown(observed: SwarmObserved, options: SwarmDownOptions = {}): Plan {
  const { project } = observed;
  const builder = new OperationBuilder();
  const services = selectStackServices(observed, options.services);
  const ofSwarm = services.map((standing) =>
    emitServiceRemove(builder, standing.ID, standing.Spec.Name ?? '', { service: keyOf(project, standing), causes }),
  );
  const removed = [...ofSwarm];
  const here = onPinnedHosts(observed, options.services, (host, names, name) => {
    const volumes = (options.volumes ?? []).filter((volume) => volume.host === name).map((volume) => volume.name);
    return planDown(host, { ...(names === undefined ? {} : { services: names }), volumes });
  });
  for (const operation of here.operations) {
    builder.adopt(operation, operation.kind === 'volume-remove' ? ofSwarm : []);
    if (operation.kind === 'container-remove') removed.push(operation.id);
  }
  if (options.services === undefined) {
    const foreign = new Set(observed.foreign.flatMap(({ uses }) => uses));
    const own = (files: readonly ObservedFile[]): readonly ObservedFile[] =>
      files.filter(({ ID, Spec }) => Spec.Labels?.[stackLabel.namespace] === project && !foreign.has(ID));
    const networks = options.networks === false ? [] : ownNetworks(observed).filter(({ Id }) => !foreign.has(Id));
    emitLeftovers(
      builder,
      { services: [], networks, secrets: own(observed.secrets), configs: own(observed.configs) },
      causes,
      removed,
    );
  }
  return {
    project,
    operations: builder.finish(),
    services: [
      ...services.map((standing) => ({ service: keyOf(project, standing), change: 'removed', causes }) as const),
      ...here.services,
    ],
    notices: [],
  };
}
