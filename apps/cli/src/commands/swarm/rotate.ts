import type { Invocation } from '../../command/command.ts';
import { UsageError } from '../../command/errors.ts';
import type { Context } from '../../context.ts';
import type { swarmRotateSpec } from './specs.ts';

const tokens = ['worker-token', 'manager-token', 'unlock-key'] as const;

export async function run(context: Context, { args }: Invocation<typeof swarmRotateSpec.flags>): Promise<number> {
  const token = tokens.find((each) => each === args[0]);
  if (token === undefined) throw new UsageError(`"${args[0]}" is none of ${tokens.join(', ')}`);
  const { client } = await context.connect();
  const swarm = await client.cluster.rotate({ token });
  if (context.global.json) context.printJson(swarm);
  else context.print(`The ${token} is made anew as soon as a manager can be asked.`);
  return 0;
}
