import { Refusal } from '../domain/refusal.ts';
import { environmentOf, type RequestContext, streamSignal } from './context.ts';
import type { Api } from './router.ts';

export function clusterRoutes({ cluster }: Api) {
  return {
    get: cluster.get.handler(({ context }) => clusterOf(context).view()),
    set: cluster.set.handler(({ input, context }) => clusterOf(context).set(input)),
    rotate: cluster.rotate.handler(({ input, context }) => clusterOf(context).rotate(input.token)),
    drainPreview: cluster.drainPreview.handler(({ input, context, signal }) =>
      clusterOf(context).drainPreview(input.host, signal),
    ),
    drain: cluster.drain.handler(async function* ({ input, context, signal }) {
      yield* clusterOf(context).drain(input.host, input, streamSignal(context, signal));
    }),
    endDrain: cluster.endDrain.handler(({ input, context }) => clusterOf(context).endDrain(input.host)),
    cordon: cluster.cordon.handler(({ input, context }) => clusterOf(context).cordon(input.host)),
    activate: cluster.activate.handler(({ input, context }) => clusterOf(context).activate(input.host)),
    recovery: cluster.recovery.handler(({ context }) => clusterOf(context).recovery()),
    recover: cluster.recover.handler(({ input, context, signal }) => clusterOf(context).recover(input.host, signal)),
  };
}

function clusterOf(context: RequestContext) {
  const { cluster, name } = environmentOf(context);
  if (cluster === undefined)
    throw new Refusal('not-now', `asking for the Swarm: the environment ${name} is a single engine and has none`);
  return cluster;
}
