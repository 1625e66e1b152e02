import type { Domain } from '../domain/domain.ts';
import { assertStackName } from '../domain/stack/stack-name.ts';
import { streamSignal } from './context.ts';
import type { Api } from './router.ts';

export function deploymentRoutes({ deployments }: Api, domain: Domain) {
  return {
    list: deployments.list.handler(({ input }) => {
      assertStackName(input.name);
      return domain.deployments.list(input.name, input.limit);
    }),
    get: deployments.get.handler(({ input }) => domain.deployments.get(input.id)),
    events: deployments.events.handler(async function* ({ input, context, signal }) {
      yield* domain.deployments.events(input.id, streamSignal(context, signal));
    }),
    cancel: deployments.cancel.handler(({ input }) => domain.deployments.cancel(input.id)),
  };
}
