import type { Context } from '../../context.ts';

/** The environment that the user named, by flag or variable; undefined where none was. */
export function wantedEnvironment({ environment }: Context): string | undefined {
  return environment.DROVER_ENVIRONMENT || undefined;
}
