export { type DrainRequest, executeDrain, replicasBeforeLabel, restoreReplicas } from './execute/cluster/drain.ts';
export { type RecoverRequest, recoverCluster } from './execute/cluster/recover.ts';
export type { ClusterSecrets } from './execute/cluster/secrets.ts';
export { ClusterStepError } from './execute/cluster/step-error.ts';
export type { ClusterStepParts } from './execute/cluster/steps.ts';
export {
  type ClusterEvent,
  type ClusterExecution,
  type ExecuteClusterOptions,
  executeCluster,
} from './execute/cluster.ts';
export { execute } from './execute/execute.ts';
export type { ExecuteOptions, ExecutionResult, SwarmExecuteOptions } from './execute/execution.ts';
export { lastLines } from './execute/last-lines.ts';
export { fileArchive } from './execute/put-files.ts';
export { redactor } from './execute/redact.ts';
export { ImageError, type ImageProblem } from './images/image-error.ts';
export { dropImages, type KeepRequest, keepImages, keptReference, recallImages } from './images/kept-images.ts';
export {
  type PinDigestsRequest,
  type PinEvent,
  type PinnedImage,
  type PinnedImages,
  pinDigests,
} from './images/pin-digests.ts';
export { type ImageEvent, type ResolveImagesRequest, resolveImages } from './images/resolve.ts';
export { type ImageHost, type SpreadEvent, type SpreadRequest, spreadImages } from './images/spread.ts';
export { resolveSwarmImages, type SwarmImagesRequest } from './images/swarm-images.ts';
export { clusterDefaults } from './model/cluster/defaults.ts';
export type * from './model/cluster/drain.ts';
export type * from './model/cluster/observed.ts';
export type * from './model/cluster/step.ts';
export type * from './model/cluster/wanted.ts';
export type * from './model/container-body.ts';
export type { Desired, DesiredContents, FileContent, ServiceImage, StackIdentity } from './model/desired.ts';
export { PlanError, type PlanErrorCode, type PlanProblem } from './model/errors.ts';
export { composeLabel, composeVersion, droverLabel, isToolLabel } from './model/labels.ts';
export { builtImageName, containerName, oneOffName } from './model/names.ts';
export type * from './model/network-body.ts';
export type * from './model/observed.ts';
export type {
  AwaitedService,
  ContainerRef,
  Impact,
  Operation,
  OperationId,
  OperationKind,
  OperationOf,
  ServiceCondition,
} from './model/operation.ts';
export { ownerOf } from './model/owner.ts';
export {
  describeOperation,
  describePlan,
  type Notice,
  type OperationView,
  type Plan,
  type PlanView,
  type ServiceChange,
  type ServiceChangeKind,
} from './model/plan.ts';
export type { DownOptions, PlanOptions, SelectionOptions } from './model/plan-options.ts';
export type { ExecutionEvent, Failure } from './model/progress.ts';
export type { SwarmDesired, SwarmFacts, SwarmImage } from './model/swarm/desired.ts';
export type * from './model/swarm/file-body.ts';
export { stackLabel, swarmLabel } from './model/swarm/labels.ts';
export type * from './model/swarm/observed.ts';
export type { SwarmDownOptions, SwarmPlanOptions, SwarmSelection } from './model/swarm/plan-options.ts';
export type * from './model/swarm/service-spec.ts';
export { type ClusterMemory, type CollectClusterRequest, collectCluster, isLeaderless } from './observe/cluster.ts';
export type { ClusterHost } from './observe/cluster-host.ts';
export { type CollectRequest, collectFacts, collectObserved, engineFacts } from './observe/collect.ts';
export { type CollectDrainRequest, collectDrain } from './observe/drain.ts';
export { type CollectSwarmRequest, collectSwarmObserved, type SwarmHost } from './observe/swarm/collect.ts';
export { planDrain } from './plan/cluster/drain.ts';
export { planCluster } from './plan/cluster/plan.ts';
export { printClusterPlan } from './plan/cluster/print.ts';
export { describeQuorum, type Quorum } from './plan/cluster/quorum.ts';
export { planRecovery, type RecoveryChoice, type RecoveryPlan } from './plan/cluster/recovery.ts';
export { planDeploy } from './plan/deploy.ts';
export { planDown } from './plan/down.ts';
export { hasHealthCheck } from './plan/has-health-check.ts';
export { planRestart, planStart, planStop } from './plan/operate.ts';
export { printPlan } from './plan/print.ts';
export { planRun, type RunPlan, type RunRequest } from './plan/run.ts';
export { concernsHosts } from './plan/swarm/concerns-hosts.ts';
export { planSwarmDeploy } from './plan/swarm/deploy.ts';
export { planSwarmDown } from './plan/swarm/down.ts';
export { explainUnplaced, type UnplacedQuestion } from './plan/swarm/explain-unplaced.ts';
export { explainPlacement, type PlacementAnswer, place } from './plan/swarm/placement.ts';
export { type PlacementNeed, placementNeed } from './plan/swarm/placement-need.ts';
export { planSwarmRestart } from './plan/swarm/restart.ts';
export { planSwarmRun } from './plan/swarm/run.ts';
export { converge } from './reconcile/converge.ts';
export type {
  ConvergenceEvent,
  ConvergenceGoal,
  ConvergenceOptions,
  ConvergenceParts,
  ConvergenceRequest,
  ConvergenceResult,
} from './reconcile/convergence.ts';
export { Loop, type LoopOptions } from './reconcile/loop.ts';
export { explainMissingTasks } from './reconcile/missing-tasks.ts';
export { type SwarmConvergenceParts, type SwarmPartsRequest, swarmParts } from './reconcile/swarm-parts.ts';
