import type { Domain } from '../domain/domain.ts';
import { streamSignal } from './context.ts';
import type { Api } from './router.ts';

export function containerRoutes({ containers }: Api, domain: Domain) {
  return {
    list: containers.list.handler(({ input }) => domain.containers.list(input.stack)),
    inspect: containers.inspect.handler(({ input, signal }) => domain.containers.inspect(input.id, signal)),
    start: containers.start.handler(({ input, signal }) => domain.containers.start(input.id, signal)),
    stop: containers.stop.handler(({ input, signal }) =>
      domain.containers.stopContainer(input.id, input.timeout, signal),
    ),
    restart: containers.restart.handler(({ input, signal }) =>
      domain.containers.restart(input.id, input.timeout, signal),
    ),
    kill: containers.kill.handler(({ input, signal }) => domain.containers.kill(input.id, input.signal, signal)),
    remove: containers.remove.handler(({ input, signal }) => domain.containers.remove(input.id, input.force, signal)),
    sync: containers.sync.handler(({ input, signal }) => domain.containers.sync(input.id, input, signal)),
    logs: containers.logs.handler(async function* ({ input, context, signal }) {
      yield* domain.containers.logs(input.id, input, streamSignal(context, signal));
    }),
    stackLogs: containers.stackLogs.handler(async function* ({ input, context, signal }) {
      const services = typeof input.services === 'string' ? [input.services] : input.services;
      yield* domain.containers.stackLogs(input.name, services, input, streamSignal(context, signal));
    }),
    stats: containers.stats.handler(async function* ({ input, context, signal }) {
      yield* domain.containers.stats(input.id, streamSignal(context, signal));
    }),
  };
}
