import type { ServiceSpec } from '../../../model/swarm/service-spec.ts';

/** Ids and names of the networks, secrets and configs that a service names. */
export function namedBy(spec: ServiceSpec): string[] {
  const { ContainerSpec, Networks } = spec.TaskTemplate ?? {};
  return [
    ...[...(Networks ?? []), ...(spec.Networks ?? [])].map(({ Target }) => Target),
    ...(ContainerSpec?.Secrets ?? []).flatMap(({ SecretID, SecretName }) => [SecretID, SecretName]),
    ...(ContainerSpec?.Configs ?? []).flatMap(({ ConfigID, ConfigName }) => [ConfigID, ConfigName]),
  ].filter((each) => typeof each === 'string');
}
