import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import type { hostActivateSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof hostActivateSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const host = args[0]!;
  const swarm = await client.cluster.activate({ host });
  if (context.global.json) context.printJson(swarm);
  else context.print(`${host} takes tasks again.`);
  return 0;
}
