import { isEnvironmentName } from '@drover/base';

export const localEnvironment = 'local';

/** The environment that an address is of: `/e/NAME/…`, and every other one is of `local`. */
export function environmentIn(pathname: string): string {
  const name = /^\/e\/([^/]+)(?:\/|$)/.exec(pathname)?.[1];
  return name !== undefined && isEnvironmentName(name) ? name : localEnvironment;
}

/** What stands before every address of an environment: nothing for `local`. */
export function basePathOf(environment: string): string {
  return environment === localEnvironment ? '' : `/e/${environment}`;
}

/**
 * The address of the like of a page in another environment. `path` is without the environment. What a page is about (a stack, a container) need
 * not be there: then it is the list of stacks.
 */
export function sameRoomIn(environment: string, path: string): string {
  const room = /^\/(host\/\w+|hosts|stacks\/new|environments)$/.test(path) ? path : '/stacks';
  return basePathOf(environment) + room;
}
