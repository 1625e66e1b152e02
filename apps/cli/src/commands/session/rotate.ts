import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { confirm } from '../../terminal/prompt.ts';
import type { rotateSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof rotateSpec.flags>): Promise<number> {
  const question = 'Make a new admin token? The present one and every session end at once.';
  if (!flags.yes && !(await confirm(context.terminal, question))) {
    context.say('Nothing was changed.');
    return exitCodes.cancelled;
  }
  const { client } = await context.connect();
  const { tokenFile } = await client.session.rotate();
  if (context.global.json) context.printJson({ tokenFile });
  else context.print(`The new admin token is in ${tokenFile}, on the server.`);
  return exitCodes.ok;
}
