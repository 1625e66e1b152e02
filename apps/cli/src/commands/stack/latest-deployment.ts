import type { DeploymentView } from '@drover/contract';
import { CommandError } from '../../command/errors.ts';
import type { Context } from '../../context.ts';
import { resolveStackName } from '../../project/stack-name.ts';

/** The deployment with this id, or the newest one of the stack. */
export async function latestDeployment(context: Context, id: string | undefined): Promise<DeploymentView> {
  const { client } = await context.connect();
  if (id !== undefined) return client.deployments.get({ id });
  const name = await resolveStackName(context);
  const [newest] = await client.deployments.list({ name, limit: 1 });
  if (newest === undefined) throw new CommandError(`${name} was never deployed`);
  return newest;
}
