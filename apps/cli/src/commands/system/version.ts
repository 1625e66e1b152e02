import type { Context } from '../../context.ts';
import { version } from '../../version.ts';

export async function run(context: Context): Promise<number> {
  if (context.global.json) context.printJson({ version });
  else context.print(`drover ${version}`);
  return 0;
}
