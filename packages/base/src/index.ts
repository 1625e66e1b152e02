export type { Branded } from './brand.ts';
export { DroverError, InternalError, messageOf, unreachable } from './errors.ts';
export {
  type ConfigId,
  type ContainerId,
  type DeploymentId,
  type ImageId,
  isEnvironmentName,
  isStackName,
  type NodeId,
  type SecretId,
  type ServiceId,
  type StackName,
  type TaskId,
} from './ids.ts';
export { mapBounded } from './map-bounded.ts';
