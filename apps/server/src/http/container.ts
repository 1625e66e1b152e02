import { environmentOf, streamSignal } from './context.ts';
import type { Api } from './router.ts';

export function containerRoutes({ containers }: Api) {
  return {
    list: containers.list.handler(({ input, context }) => environmentOf(context).containers.list(input.stack)),
    page: containers.page.handler(({ input, context }) => environmentOf(context).containers.page(input)),
    inspect: containers.inspect.handler(({ input, context, signal }) =>
      environmentOf(context).containers.inspect(input.id, signal),
    ),
    start: containers.start.handler(({ input, context, signal }) =>
      environmentOf(context).containers.start(input.id, signal),
    ),
    stop: containers.stop.handler(({ input, context, signal }) =>
      environmentOf(context).containers.stopContainer(input.id, input.timeout, signal),
    ),
    restart: containers.restart.handler(({ input, context, signal }) =>
      environmentOf(context).containers.restart(input.id, input.timeout, signal),
    ),
    kill: containers.kill.handler(({ input, context, signal }) =>
      environmentOf(context).containers.kill(input.id, input.signal, signal),
    ),
    remove: containers.remove.handler(({ input, context, signal }) =>
      environmentOf(context).containers.remove(input.id, input.force, signal),
    ),
    sync: containers.sync.handler(({ input, context, signal }) =>
      environmentOf(context).containers.sync(input.id, input, signal),
    ),
    logs: containers.logs.handler(async function* ({ input, context, signal }) {
      yield* environmentOf(context).containers.logs(input.id, input, streamSignal(context, signal));
    }),
    stackLogs: containers.stackLogs.handler(async function* ({ input, context, signal }) {
      const services = typeof input.services === 'string' ? [input.services] : input.services;
      yield* environmentOf(context).containers.stackLogs(input.name, services, input, streamSignal(context, signal));
    }),
    stats: containers.stats.handler(async function* ({ input, context, signal }) {
      yield* environmentOf(context).containers.stats(input.id, streamSignal(context, signal));
    }),
  };
}
