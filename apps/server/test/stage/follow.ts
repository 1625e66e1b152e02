import type { DeploymentEvent, DeploymentView } from '@drover/contract';
import type { Client } from './stage.ts';

export interface Followed {
  readonly events: readonly DeploymentEvent[];
  readonly deployment: DeploymentView;
}

/** Follows a deployment to its end. */
export async function follow(client: Client, started: { deployment: DeploymentView }): Promise<Followed> {
  const events: DeploymentEvent[] = [];
  for await (const event of await client.deployments.events({ id: started.deployment.id })) events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'ended') throw new Error(`the stream ended with ${JSON.stringify(last)}`);
  return { events, deployment: last.deployment };
}

/** Follows it, and fails when it does not succeed. */
export async function succeed(client: Client, started: Promise<{ deployment: DeploymentView }>): Promise<Followed> {
  const followed = await follow(client, await started);
  if (followed.deployment.state !== 'succeeded')
    throw new Error(`${followed.deployment.action} ended as ${JSON.stringify(followed.deployment.failure)}`);
  return followed;
}

/** A source of one Compose file. */
export function compose(text: string, more: { path: string; text: string }[] = []) {
  return { composeFiles: ['compose.yaml'], files: [{ path: 'compose.yaml', text }, ...more] };
}
