import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { confirm } from '../../terminal/prompt.ts';
import type { hostRemoveSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof hostRemoveSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const host = await client.hosts.get({ host: args[0]! });
  if (!flags.yes) {
    context.say(
      `${host.name} of ${host.environment}: its tunnel ends and its certificate opens nothing any more. Containers, volumes and images on it stay as they are, and Drover sees them no longer.`,
    );
    if (!(await confirm(context.terminal, `Remove the host ${host.name}?`))) {
      context.say('Nothing was removed.');
      return exitCodes.cancelled;
    }
  }
  const done = await client.hosts.remove({ host: host.id });
  if (context.global.json) context.printJson(done);
  else {
    context.print(`The host ${done.removed} is removed.`);
    context.say('Its agent still is on the machine: /usr/local/lib/drover-agent/uninstall takes it away.');
  }
  return exitCodes.ok;
}
