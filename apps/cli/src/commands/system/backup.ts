import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { formatBytes } from '../../terminal/units.ts';
import type { backupSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof backupSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const backup = await client.system.backup();
  if (context.global.json) context.printJson(backup);
  else {
    context.print(backup.path);
    context.say(`${formatBytes(backup.sizeBytes)}. It holds the key as well: whoever has it can read every secret.`);
  }
  return 0;
}
