import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { followDeployment } from '../../progress/follow.ts';
import { latestDeployment } from './latest-deployment.ts';
import type { cancelSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof cancelSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const found = await latestDeployment(context, args[0]);
  const deployment = await client.deployments.cancel({ id: found.id });
  if (flags.noWait) {
    if (context.global.json) context.printJson({ deployment });
    else context.print(`Cancelling ${deployment.action} of ${deployment.stack}; drover follow shows it.`);
    return exitCodes.ok;
  }
  const code = await followDeployment(context, deployment, { interrupt: 'detach' });
  // Here a cancelled deployment is what was asked for.
  return code === exitCodes.cancelled ? exitCodes.ok : code;
}
