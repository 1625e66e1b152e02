import { parseServerUrl } from '../../client/endpoint.ts';
import { readLogins, writeLogins } from '../../client/logins.ts';
import type { Invocation } from '../../command/command.ts';
import { CommandError } from '../../command/errors.ts';
import type { Context } from '../../context.ts';
import type { logoutSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof logoutSpec.flags>): Promise<number> {
  const { environment, home } = context;
  const logins = await readLogins(environment, home);
  const url = args[0] === undefined ? logins.current : parseServerUrl(args[0]).href;
  if (url === undefined || !logins.tokens.has(url))
    throw new CommandError(
      url === undefined ? 'signing out: there is no saved login' : `signing out: there is no saved login for ${url}`,
    );
  const tokens = new Map(logins.tokens);
  tokens.delete(url);
  await writeLogins(environment, home, { current: logins.current === url ? undefined : logins.current, tokens });
  if (context.global.json) context.printJson({ removed: url });
  else context.print(`The login for ${new URL(url).origin} is forgotten.`);
  return 0;
}
