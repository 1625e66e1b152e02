import { hookImageKey } from '../../model/hook-image.ts';
import type { OperationId } from '../../model/operation.ts';
import type { SwarmImage } from '../../model/swarm/desired.ts';
import type { SwarmObserved } from '../../model/swarm/observed.ts';
import type { OperationBuilder } from '../operation-builder.ts';
import { registryOf } from './compare/image-reference.ts';
import { emitServiceRemove } from './emit-service-remove.ts';
import type { SwarmServiceDecision } from './service-decision.ts';
import { preStartJob, preStartName } from './spec/pre-start-job.ts';

export interface PreStartContext {
  readonly builder: OperationBuilder;
  readonly images: ReadonlyMap<string, SwarmImage>;
  readonly observed: SwarmObserved;
}

/** The names in the Swarm of the jobs that a plan makes for the `pre_start` hooks of a service. */
export function preStartNames({ service, spec }: SwarmServiceDecision): readonly string[] {
  return (service.pre_start ?? []).map((_, index) => preStartName(spec.Name ?? '', index + 1));
}

/** Runs the hooks of a service one after the other, each as a job that goes again; answers what its tasks wait for. */
export function emitPreStartJobs(
  { builder, images, observed }: PreStartContext,
  decision: SwarmServiceDecision,
  after: readonly (OperationId | undefined)[],
): readonly (OperationId | undefined)[] {
  const { service, spec, name: serviceName } = decision;
  let before = after;
  for (const [index, hook] of (service.pre_start ?? []).entries()) {
    const number = index + 1;
    const image = images.get(hookImageKey(serviceName, number))?.pinned;
    const job = preStartJob(spec, hook, number, image);
    const name = job.Name ?? '';
    const causes = [`hook ${number} runs before ${serviceName} starts`];
    const notes = { service: serviceName, causes };
    const stale = observed.services.find(({ Spec }) => Spec.Name === name);
    if (stale !== undefined) {
      const left = { service: serviceName, causes: ['an earlier run left it'], after: before };
      before = [emitServiceRemove(builder, stale.ID, name, left, 'left')];
    }
    const registry = registryOf(job.TaskTemplate?.ContainerSpec?.Image ?? '');
    const madeBy = builder.add(
      'service-create',
      { spec: job, registry },
      { ...notes, target: name, impact: 'none', after: before },
    );
    const awaited = { service: serviceName, name, version: { madeBy } };
    const done = builder.add(
      'service-wait',
      { services: [awaited], condition: 'completed', required: true },
      { ...notes, target: name, variant: 'completed', impact: 'none', after: [madeBy] },
    );
    // A manager finds a service by its name too; its id is not known before.
    before = [
      emitServiceRemove(builder, name, name, { service: serviceName, causes: ['it has done its work'], after: [done] }),
    ];
  }
  return before;
}
