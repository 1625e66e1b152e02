import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import type { hostRenameSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof hostRenameSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const renamed = await client.hosts.rename({ host: args[0]!, name: args[1]! });
  if (context.global.json) context.printJson(renamed);
  else context.print(`The host is ${renamed.name} now.`);
  return 0;
}
