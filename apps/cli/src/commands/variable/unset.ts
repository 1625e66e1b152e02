import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import { checkName } from './set.ts';
import type { unsetSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof unsetSpec.flags>): Promise<number> {
  for (const variable of args) checkName(variable);
  const name = await resolveStackName(context);
  const { client } = await context.connect();
  const removed: string[] = [];
  for (const variable of args) removed.push((await client.variables.unset({ name, variable })).removed);
  if (context.global.json) context.printJson({ removed });
  else context.print(`${removed.join(', ')} unset for ${name}, from its next deploy on.`);
  return 0;
}
