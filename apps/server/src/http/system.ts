import type { Domain } from '../domain/domain.ts';
import { environmentOf, streamSignal } from './context.ts';
import type { Api } from './router.ts';

export function systemRoutes({ system }: Api, domain: Domain) {
  return {
    info: system.info.handler(({ context }) => ({ ...domain.system.about(), engine: environmentOf(context).engine() })),
    events: system.events.handler(async function* ({ input, context, signal }) {
      yield* environmentOf(context).events(input.stack, streamSignal(context, signal));
    }),
    backup: system.backup.handler(() => domain.system.backup()),
  };
}
