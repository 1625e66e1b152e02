import type { Domain } from '../domain/domain.ts';
import { streamSignal } from './context.ts';
import type { Api } from './router.ts';

export function systemRoutes({ system }: Api, domain: Domain) {
  return {
    info: system.info.handler(() => domain.system.info()),
    events: system.events.handler(async function* ({ input, context, signal }) {
      yield* domain.system.events(input.stack, streamSignal(context, signal));
    }),
    backup: system.backup.handler(() => domain.system.backup()),
  };
}
