import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import type { hostCordonSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof hostCordonSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const host = args[0]!;
  const swarm = await client.cluster.cordon({ host });
  if (context.global.json) context.printJson(swarm);
  else context.print(`${host} gets nothing new.`);
  return 0;
}
