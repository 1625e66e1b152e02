import { type Project, pinnedServices, type Service } from '@drover/compose';
import { PlanError } from '../../model/errors.ts';
import type { Operation } from '../../model/operation.ts';
import type { Plan } from '../../model/plan.ts';
import type { SwarmDesired } from '../../model/swarm/desired.ts';
import type { SwarmObserved } from '../../model/swarm/observed.ts';
import { candidates } from '../candidates.ts';
import { dependenciesOf, withDependencies } from '../dependencies.ts';
import { OperationBuilder } from '../operation-builder.ts';
import { Findings } from '../problems.ts';
import { emptyPlan, oneOffService, planRun, type RunPlan, type RunRequest, serviceToRun } from '../run.ts';
import { usedNetworks } from './decide-swarm.ts';
import { planSwarmDeploy } from './deploy.ts';
import { emitSwarmNetworks } from './emit-swarm.ts';
import { judgeSwarm, swarmFacts } from './judge-swarm.ts';
import { chooseHosts } from './pinned/choose-host.ts';
import { hostId, onHost } from './pinned/on-host.ts';
import { pinnedGroups } from './pinned/pinned-set.ts';
import { desiredOnHost, observedOnHost } from './pinned/plan-pinned.ts';
import { decideSwarmNetworks, type SwarmNetworkDecision } from './resources/networks.ts';
import { stackName } from './spec/service-spec.ts';
import { VolumeHomes } from './volume-homes.ts';

/**
 * Plans a one-off container of a service: Swarm makes none that somebody can attach to, so it runs in the engine of one host, on the
 * stack's networks, where the service's volumes are and its constraints allow it. Throws `PlanError`.
 */
export function planSwarmRun(desired: SwarmDesired, observed: SwarmObserved, request: RunRequest): RunPlan {
  const own = serviceToRun(desired.project, request);
  return {
    dependencies: planDependencies(desired, observed, request, own),
    ...planContainer(desired, observed, request, own),
  };
}

/** Makes what the service depends on and is missing; what stands stays as it is. */
function planDependencies(desired: SwarmDesired, observed: SwarmObserved, request: RunRequest, own: Service): Plan {
  const { project } = desired;
  const needed = dependenciesOf(own).map(({ on }) => on);
  const ofSwarm = new Set(observed.services.map(({ Spec }) => Spec.Name ?? ''));
  const onHosts = new Set([...(observed.pinned ?? [])].flatMap(([, host]) => [...candidates(host).keys()]));
  const missing = [...withDependencies(project, needed)].filter(
    (name) => !ofSwarm.has(stackName(project, name)) && !onHosts.has(name),
  );
  if (request.withoutDependencies === true || missing.length === 0) return emptyPlan(project.name);
  return planSwarmDeploy(desired, observed, { services: missing, withoutDependencies: true, orphans: 'none' });
}

function planContainer(
  desired: SwarmDesired,
  observed: SwarmObserved,
  request: RunRequest,
  own: Service,
): Omit<RunPlan, 'dependencies'> {
  const { project, revision } = desired;
  const { service } = request;
  const findings = new Findings(desired.provenance);
  const alone = { ...project, services: { [service]: own } };
  judgeSwarm(alone, swarmFacts(desired, observed), findings);
  const used = usedNetworks([own]);
  const networks = decideSwarmNetworks({ project, observed, revision, used, attached: used, lonely: [] }, findings);
  const group = groupOf(desired, observed, service);
  const [host] = chooseHosts(
    {
      desired: { ...desired, project: toPlace(project, observed, oneOffService(own, request), { service, group }) },
      observed,
      options: {},
      group,
      chosen: new Map(),
      said: `a run of ${service} is a container of one host`,
    },
    findings,
  );
  const here = host === undefined ? undefined : observed.pinned?.get(host);
  const wanted = desiredOnHost(desired, group, networks, findings);
  findings.settle(project.name);
  if (host === undefined || here === undefined) throw new PlanError(project.name, []);
  const run = planRun(wanted, observedOnHost(here, networks), { ...request, withoutDependencies: true });
  const operations = afterNetworks(networks, onHost(run.container.operations, host));
  const notices = [...findings.notices, ...run.container.notices];
  return { container: { ...run.container, operations, notices }, create: hostId(run.create, host), name: run.name };
}

/** The services that share a host with the one that is run. */
function groupOf(desired: SwarmDesired, observed: SwarmObserved, service: string): readonly string[] {
  const { project } = desired;
  const pinned = new Set(pinnedServices(project, swarmFacts(desired, observed)).keys());
  return pinnedGroups(project, pinned).find((group) => group.includes(service)) ?? [service];
}

/** The project with the service as its host is chosen by: without ports of its own, where its volumes are. */
function toPlace(
  project: Project,
  observed: SwarmObserved,
  run: Service,
  { service, group }: { readonly service: string; readonly group: readonly string[] },
): Project {
  const standing = observed.services.find(({ Spec }) => Spec.Name === stackName(project, service));
  const homes = group.length > 1 ? [] : new VolumeHomes(project, observed).constraintsOf(run, standing);
  const { mode: _, ...deploy } = run.deploy ?? { resources: {}, placement: {} };
  const constraints = [...(deploy.placement.constraints ?? []), ...homes];
  const placed = { ...run, deploy: { ...deploy, placement: { ...deploy.placement, constraints } } };
  return { ...project, services: { ...project.services, [service]: placed } };
}

function afterNetworks(networks: readonly SwarmNetworkDecision[], operations: readonly Operation[]): Operation[] {
  const builder = new OperationBuilder();
  const made = emitSwarmNetworks(builder, networks);
  for (const each of operations) builder.adopt(each, each.dependsOn.length === 0 ? made.values() : []);
  return builder.finish();
}
