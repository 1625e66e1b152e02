import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import type { registryLogoutSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof registryLogoutSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const done = await client.registries.remove({ server: args[0]! });
  if (context.global.json) context.printJson(done);
  else context.print(`The credentials for ${done.removed} are forgotten.`);
  return 0;
}
