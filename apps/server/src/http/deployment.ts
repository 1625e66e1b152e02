import { assertStackName } from '../domain/stack/stack-name.ts';
import { environmentOf, streamSignal } from './context.ts';
import type { Api } from './router.ts';

export function deploymentRoutes({ deployments }: Api) {
  return {
    list: deployments.list.handler(({ input, context }) => {
      assertStackName(input.name);
      return environmentOf(context).deployments.list(input.name, input.limit);
    }),
    get: deployments.get.handler(({ input, context }) => environmentOf(context).deployments.get(input.id)),
    events: deployments.events.handler(async function* ({ input, context, signal }) {
      yield* environmentOf(context).deployments.events(input.id, streamSignal(context, signal));
    }),
    cancel: deployments.cancel.handler(({ input, context }) => environmentOf(context).deployments.cancel(input.id)),
  };
}
