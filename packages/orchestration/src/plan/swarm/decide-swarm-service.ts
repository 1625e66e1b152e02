import type { Service } from '@drover/compose';
import type { SwarmDesired, SwarmImage } from '../../model/swarm/desired.ts';
import type { ObservedService, SwarmObserved } from '../../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../../model/swarm/plan-options.ts';
import type { ServiceSpec } from '../../model/swarm/service-spec.ts';
import { swarmImageDifference } from './compare/image-reference.ts';
import { type ServiceDifferences, serviceDifferences } from './compare/service-differences.ts';
import type { SwarmServiceDecision } from './service-decision.ts';
import { serviceSpec, stackName } from './spec/service-spec.ts';
import type { FilesByKey } from './spec/task-files.ts';
import { isJob, type ModeName, modeName, standingMode } from './spec/task-mode.ts';
import { homeOf, type VolumeHomes } from './volume-homes.ts';

export interface SwarmServiceRequest {
  readonly desired: SwarmDesired;
  readonly observed: SwarmObserved;
  readonly options: SwarmPlanOptions;
  readonly serviceName: string;
  readonly service: Service;
  readonly image: SwarmImage;
  /** Somebody waits for its completion. */
  readonly awaited: boolean;
  readonly secrets: FilesByKey;
  readonly configs: FilesByKey;
  readonly networkId: (name: string) => string | undefined;
  readonly networkName: (nameOrId: string) => string;
  readonly homes: VolumeHomes;
}

/** Decides about one service: whether it stands as it should, and if not, what makes it so. */
export function decideSwarmService(request: SwarmServiceRequest): SwarmServiceDecision {
  const { desired, observed, options, serviceName, service, image, awaited } = request;
  const { project, facts } = desired;
  const mode = modeName(service, awaited);
  const standing = observed.services.find(({ Spec }) => Spec.Name === stackName(project, serviceName));
  const constraints = request.homes.constraintsOf(service, standing);
  const specWith = (more: readonly string[]): ServiceSpec =>
    serviceSpec({
      ...request,
      project,
      mode,
      revision: desired.revision,
      ipvs: facts.ipvs !== false,
      scale: options.scale?.get(serviceName),
      constraints: more,
    });
  const spec = specWith(constraints);
  const common = { name: serviceName, service, image, mode, spec };
  if (standing === undefined) return { ...common, kind: 'create', causes: ['service is missing'], replacesTasks: true };
  const before = standingMode(standing.Spec.Mode);
  if (before !== mode) {
    const causes = [`mode changed: ${before} → ${mode}, which Swarm does only with a new service`];
    return { ...common, kind: 'remake', standing, causes, replacesTasks: true };
  }
  // A service of docker stack deploy is kept to its host from its next change on: for that alone no task is made anew.
  const compared = homeOf(standing.Spec) === undefined ? specWith([]) : spec;
  return changeOf(request, common, standing, compared);
}

type Common = Pick<SwarmServiceDecision, 'name' | 'service' | 'image' | 'mode' | 'spec'>;

function changeOf(
  request: SwarmServiceRequest,
  common: Common,
  standing: ObservedService,
  compared: ServiceSpec,
): SwarmServiceDecision {
  const { service, networkName } = request;
  const differences = serviceDifferences(compared, standing.Spec, { service, networkName });
  const again = reasonsToRunAgain(request, common.mode, standing, differences);
  const causes = [...differences.ofTasks, ...differences.ofService, ...again.causes];
  const replacesTasks = differences.ofTasks.length > 0 || again.force;
  const [from, to] = [replicasOf(standing.Spec), replicasOf(common.spec)];
  return {
    ...common,
    kind: causes.length > 0 ? 'update' : 'keep',
    standing,
    spec: carriedOver(common.spec, standing.Spec, differences, again.force),
    causes,
    replacesTasks,
    ...(from !== to && !replacesTasks ? { scaled: { from, to } } : {}),
  };
}

/** What makes tasks anew though nothing of them changed: a wish, or a job that has to run. */
function reasonsToRunAgain(
  { options, observed }: SwarmServiceRequest,
  mode: ModeName,
  { ID, UpdateStatus }: ObservedService,
  { ofTasks }: ServiceDifferences,
): { readonly causes: readonly string[]; readonly force: boolean } {
  if (options.recreate === 'force') return { causes: ['new tasks were asked for'], force: true };
  // An update that was paused goes on only with another one, be it of the same.
  const paused = UpdateStatus?.State === 'paused' && ofTasks.length === 0;
  if (!isJob(mode)) return { causes: paused ? ['its update is paused'] : [], force: paused };
  // Swarm runs a job again only when this number changes.
  if (ofTasks.length > 0) return { causes: [], force: true };
  const tasks = observed.tasks.get(ID);
  const failed =
    tasks !== undefined && (tasks.failed ?? 0) > 0 && tasks.running === 0 && tasks.completed < tasks.desired;
  return failed ? { causes: ['the job failed when it ran'], force: true } : { causes: [], force: false };
}

/**
 * The wanted spec as it is sent: whatever means the same stays spelled as it stands, since Swarm takes another spelling for another
 * task.
 */
function carriedOver(
  want: ServiceSpec,
  have: ServiceSpec,
  { ofTasks }: ServiceDifferences,
  force: boolean,
): ServiceSpec {
  const number = (have.TaskTemplate?.ForceUpdate ?? 0) + (force ? 1 : 0);
  if (ofTasks.length === 0) {
    return {
      ...want,
      TaskTemplate: { ...have.TaskTemplate, ForceUpdate: number },
      EndpointSpec: have.EndpointSpec,
      Networks: have.Networks,
    };
  }
  const [wanted, found] = [
    want.TaskTemplate?.ContainerSpec?.Image ?? '',
    have.TaskTemplate?.ContainerSpec?.Image ?? '',
  ];
  const sameImage = swarmImageDifference(wanted, found) === undefined;
  const platforms =
    want.TaskTemplate?.Placement?.Platforms ?? (sameImage ? have.TaskTemplate?.Placement?.Platforms : undefined);
  return {
    ...want,
    TaskTemplate: {
      ...want.TaskTemplate,
      ...(platforms ? { Placement: { ...want.TaskTemplate?.Placement, Platforms: platforms } } : {}),
      ForceUpdate: number,
    },
  };
}

/** The decision with its tasks made anew for another reason; nothing for one that is made anew anyway. */
export function withRestart(decision: SwarmServiceDecision, cause: string): SwarmServiceDecision {
  const { standing, spec } = decision;
  if (standing === undefined || decision.replacesTasks) return decision;
  const ForceUpdate = (standing.Spec.TaskTemplate?.ForceUpdate ?? 0) + 1;
  const { scaled: _, ...rest } = decision;
  return {
    ...rest,
    kind: 'update',
    spec: { ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate } },
    causes: [...decision.causes, cause],
    replacesTasks: true,
  };
}

function replicasOf({ Mode }: ServiceSpec): number {
  return Mode?.Replicated?.Replicas ?? Mode?.ReplicatedJob?.TotalCompletions ?? 1;
}
