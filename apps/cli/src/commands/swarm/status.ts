import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { printSwarm } from './print-swarm.ts';
import type { swarmStatusSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof swarmStatusSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const swarm = await client.cluster.get();
  if (context.global.json) context.printJson(swarm);
  else printSwarm(context, swarm);
  return 0;
}
