import type { Domain } from '../domain/domain.ts';
import { callerOf, environmentOf } from './context.ts';
import type { Api } from './router.ts';

export function sessionRoutes({ session }: Api, { sessions, tickets }: Domain) {
  return {
    exchange: session.exchange.handler(async ({ input, context }) => ({
      token: await sessions.exchange(input.code, context.from),
    })),
    whoami: session.whoami.handler(({ context }) => ({ name: callerOf(context).name })),
    end: session.end.handler(async ({ context }) => ({ ended: await sessions.end(callerOf(context)) })),
    link: session.link.handler(() => sessions.createLink()),
    rotate: session.rotate.handler(() => sessions.rotate()),
    ticket: session.ticket.handler(({ input, context }) => ({
      ticket: tickets.issue({ ...input, environment: environmentOf(context).name }, callerOf(context)),
    })),
  };
}
