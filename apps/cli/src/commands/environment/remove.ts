import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import type { environmentRemoveSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof environmentRemoveSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const done = await client.environments.remove({ name: args[0]! });
  if (context.global.json) context.printJson(done);
  else context.print(`The environment ${done.removed} is gone.`);
  return 0;
}
