import type { DeploymentEvent, DeploymentView } from '@drover/contract';
import type { ApiClient } from '../client/client.ts';
import { followToEnd } from '../client/follow.ts';

/** The events of a deployment from its beginning to its end, whatever becomes of the connection meanwhile. */
export function watchDeployment(
  client: ApiClient,
  { id, stack }: DeploymentView,
  signal: AbortSignal,
): AsyncGenerator<DeploymentEvent, void, undefined> {
  return followToEnd({
    open: (streamSignal) => client.deployments.events({ id }, { signal: streamSignal }),
    isLast: ({ type }) => type === 'ended',
    lost: (why) => `following the deployment of ${stack}: ${why}; it may still be going on (drover follow shows it)`,
    signal,
  });
}
