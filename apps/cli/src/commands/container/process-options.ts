import { UsageError } from '../../command/errors.ts';
import type { FlagValues } from '../../command/flag.ts';
import { quote } from '../../command/quote.ts';
import type { Context } from '../../context.ts';
import type { execSpec, runSpec } from './specs.ts';

type ProcessFlags = Pick<FlagValues<typeof execSpec.flags>, 'env' | 'tty' | 'noTty' | 'noStdin'> &
  Pick<FlagValues<typeof runSpec.flags>, 'env'>;

/** Whether the remote command gets a terminal: asked for, or because this is one at both ends. */
export function wantsTty({ terminal }: Context, flags: ProcessFlags): boolean {
  if (flags.noTty) return false;
  return flags.tty || (!flags.noStdin && terminal.stdin.isTTY === true && terminal.stdout.isTTY === true);
}

/** `-e KEY=VALUE`, or `-e KEY` with the caller's own value, which may be none. */
export function environmentOf(
  { environment }: Context,
  pairs: readonly string[],
  command: string,
): Map<string, string> {
  const result = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals === 0 || pair === '')
      throw new UsageError(`${command}: --env wants KEY=VALUE or KEY, not ${quote(pair)}.`, command);
    const name = equals === -1 ? pair : pair.slice(0, equals);
    const value = equals === -1 ? environment[name] : pair.slice(equals + 1);
    if (value !== undefined) result.set(name, value);
  }
  return result;
}
