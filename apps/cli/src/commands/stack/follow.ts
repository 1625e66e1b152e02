import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { followDeployment } from '../../progress/follow.ts';
import { latestDeployment } from './latest-deployment.ts';
import type { followSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof followSpec.flags>): Promise<number> {
  return followDeployment(context, await latestDeployment(context, args[0]), { interrupt: 'detach' });
}
