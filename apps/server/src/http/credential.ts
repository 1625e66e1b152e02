import type { Domain } from '../domain/domain.ts';
import { environmentOf } from './context.ts';
import type { Api } from './router.ts';

export function registryRoutes({ registries }: Api, domain: Domain) {
  return {
    list: registries.list.handler(() => domain.registries.list()),
    save: registries.save.handler(({ input }) => domain.registries.save(input.server, input.username, input.password)),
    remove: registries.remove.handler(({ input }) => domain.registries.remove(input.server)),
  };
}

export function variableRoutes({ variables }: Api) {
  return {
    list: variables.list.handler(({ input, context }) => environmentOf(context).variables.list(input.name)),
    set: variables.set.handler(({ input, context }) =>
      environmentOf(context).variables.set(input.name, input.variable, input.value, input.secret),
    ),
    unset: variables.unset.handler(({ input, context }) =>
      environmentOf(context).variables.unset(input.name, input.variable),
    ),
  };
}
