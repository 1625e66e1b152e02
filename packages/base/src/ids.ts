import type { Branded } from './brand.ts';

export type StackName = Branded<string, 'StackName'>;
export type DeploymentId = Branded<string, 'DeploymentId'>;
export type ContainerId = Branded<string, 'ContainerId'>;
export type ImageId = Branded<string, 'ImageId'>;
export type NodeId = Branded<string, 'NodeId'>;
export type ServiceId = Branded<string, 'ServiceId'>;
export type TaskId = Branded<string, 'TaskId'>;
export type SecretId = Branded<string, 'SecretId'>;
export type ConfigId = Branded<string, 'ConfigId'>;

const stackNamePattern = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** The name rule of a Compose project; anything else (`../x`, `$(id)`) is no name. */
export function isStackName(text: string): text is StackName {
  return stackNamePattern.test(text);
}

const environmentNamePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** The name rule of an environment: what can stand in an address, a folder and a DNS name as it is. */
export function isEnvironmentName(text: string): boolean {
  return environmentNamePattern.test(text);
}
