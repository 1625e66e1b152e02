import { localEnvironment } from '../domain/environment/environment-store.ts';

/**
 * Where each sealed thing belongs; see `Sealer`. What is sealed for one environment cannot be opened in another one. Those of `local` are
 * as they were before there were environments, so that what was sealed then still opens.
 */
export function placesOf(environment: string) {
  const prefix = environment === localEnvironment ? '' : `environment/${environment}/`;
  return {
    environment: (stack: string) => `${prefix}stack/${stack}/environment`,
    variable: (stack: string, name: string) => `${prefix}stack/${stack}/variable/${name}`,
    revision: (stack: string, number: number) => `${prefix}stack/${stack}/revision/${number}`,
  };
}

/** Ids of deployments are unique over all environments. */
export function requestPlace(deployment: string): string {
  return `deployment/${deployment}/request`;
}

export function settingsPlace(environment: string): string {
  return `environment/${environment}/settings`;
}
