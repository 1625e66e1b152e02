import type { Invocation } from '../../command/command.ts';
import { CommandError, UsageError } from '../../command/errors.ts';
import type { Context } from '../../context.ts';
import { ask, readPiped, readSecret } from '../../terminal/prompt.ts';
import type { registryLoginSpec } from './specs.ts';

/** What docker calls its own registry in credentials. */
const defaultServer = 'https://index.docker.io/v1/';

export async function run(
  context: Context,
  { flags, args }: Invocation<typeof registryLoginSpec.flags>,
): Promise<number> {
  const { terminal, global } = context;
  const server = args[0] ?? defaultServer;
  if (flags.passwordStdin && flags.username === undefined)
    throw new UsageError('registry login: --password-stdin wants --username as well.', 'registry login');
  if (flags.username === undefined && !terminal.stdin.isTTY)
    throw new UsageError(
      'registry login: without a terminal it wants --username and --password-stdin.',
      'registry login',
    );
  const username = flags.username ?? (await ask(terminal, `User name for ${server}`));
  const password = flags.passwordStdin ? await readPiped(terminal.stdin) : await readSecret(terminal, 'Password');
  if (username === '' || password === '')
    throw new CommandError('signing in to a registry: user name and password must not be empty');
  const { client } = await context.connect();
  const saved = await client.registries.save({ server, username, password });
  if (global.json) context.printJson(saved);
  else context.print(`The credentials of ${saved.username} for ${saved.server} are kept, sealed.`);
  return 0;
}
