import { isEnvironmentName } from '@drover/base';
import { UsageError } from '../command/errors.ts';
import { quote } from '../command/quote.ts';

/** The environment that is meant: `--environment`, else DROVER_ENVIRONMENT, else none, which is `local`. Throws `UsageError`. */
export function chosenEnvironment(
  given: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const name = given ?? (variables.DROVER_ENVIRONMENT || undefined);
  if (name === undefined || isEnvironmentName(name)) return name;
  throw new UsageError(
    `${given === undefined ? 'DROVER_ENVIRONMENT' : '--environment'}: ${quote(name)} is no name of an environment; drover environment ls lists them.`,
  );
}
