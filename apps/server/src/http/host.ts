import type { Domain } from '../domain/domain.ts';
import { streamSignal } from './context.ts';
import type { Api } from './router.ts';

export function hostRoutes({ hosts }: Api, domain: Domain) {
  return {
    list: hosts.list.handler(({ input }) => domain.hosts.list(input.environment)),
    get: hosts.get.handler(({ input }) => domain.hosts.get(input.host)),
    load: hosts.load.handler(({ input, signal }) => domain.hosts.load(input.host, signal)),
    rename: hosts.rename.handler(({ input }) => domain.hosts.rename(input.host, input.name)),
    label: hosts.label.handler(({ input }) => domain.hosts.label(input.host, input.set, input.unset)),
    remove: hosts.remove.handler(({ input }) => domain.hosts.remove(input.host)),
    upgrade: hosts.upgrade.handler(async function* ({ input, context, signal }) {
      yield* domain.upgrades.run(input.hosts, streamSignal(context, signal));
    }),
    createToken: hosts.createToken.handler(({ input }) =>
      domain.admission.create({
        environment: input.environment,
        expiresSeconds: input.expiresSeconds,
        uses: input.uses,
        replaces: input.replaces,
      }),
    ),
    listTokens: hosts.listTokens.handler(() => domain.hosts.tokens.list()),
    revokeToken: hosts.revokeToken.handler(({ input }) => domain.hosts.tokens.revoke(input.id)),
  };
}
