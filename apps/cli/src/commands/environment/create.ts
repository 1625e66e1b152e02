import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import type { environmentCreateSpec } from './specs.ts';

export async function run(
  context: Context,
  { flags, args }: Invocation<typeof environmentCreateSpec.flags>,
): Promise<number> {
  const { client } = await context.connect();
  const kind = flags.kind === 'swarm' ? 'swarm' : 'engine';
  const made = await client.environments.create({ name: args[0]!, kind });
  if (context.global.json) context.printJson(made);
  else {
    context.print(made.name);
    context.say(`It has no host yet: drover host add -E ${made.name}`);
  }
  return 0;
}
