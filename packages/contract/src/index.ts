export * from './actions.ts';
export type {
  ClusterNodeView,
  ClusterView,
  DrainEvent,
  DrainPreviewView,
  RecoveryView,
  WantedManagersView,
} from './cluster.ts';
export {
  type ContainerPage,
  type ContainerPageRequest,
  type ContainerState,
  type ContainerView,
  type LogLine,
  type SlimContainer,
  type StatsView,
  syncBytes,
} from './container.ts';
export { type Contract, contract } from './contract.ts';
export type { RegistryView, VariableView } from './credential.ts';
export type { DeploymentAction, DeploymentEvent, DeploymentState, DeploymentView, FailureView } from './deployment.ts';
export type { DiagnosticView } from './diagnostic.ts';
export type { EnvironmentKind, EnvironmentView } from './environment.ts';
export type {
  CreatedTokenView,
  HostFactsView,
  HostLoadView,
  HostState,
  HostView,
  JoinTokenView,
  UpgradeEvent,
} from './host.ts';
export type { ImpactView, OperationView, PlanView } from './plan.ts';
export { type ExecControl, type ExecEnd, type ExecStart, rawRoutes } from './raw.ts';
export type { ImageView, NetworkView, VolumeView } from './resource.ts';
export type { Permission, Refusal, RouteMeta, RouteScope } from './route.ts';
export { listRoutes, type RouteDescription } from './routes.ts';
export type { BundleFile, SourceInput, SourceView } from './source.ts';
export type { DeployOptions, RevisionView, ServiceView, StackState, StackSummary, StackView } from './stack.ts';
export type { ChangeEvent, SystemView } from './system.ts';
export type { FieldVerdictView, VerdictReportView } from './verdict.ts';
