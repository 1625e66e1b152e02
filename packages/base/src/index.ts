export type { Branded } from './brand.ts';
export { DroverError, InternalError, messageOf, unreachable } from './errors.ts';
export {
  type ContainerId,
  type DeploymentId,
  type ImageId,
  isEnvironmentName,
  isStackName,
  type StackName,
} from './ids.ts';
