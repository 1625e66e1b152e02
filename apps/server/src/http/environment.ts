import type { Domain } from '../domain/domain.ts';
import type { Api } from './router.ts';

export function environmentRoutes({ environments }: Api, domain: Domain) {
  return {
    list: environments.list.handler(() => domain.environments.list()),
    get: environments.get.handler(({ input }) => domain.environments.describe(input.name)),
    create: environments.create.handler(({ input }) => domain.environments.create(input.name, input.kind)),
    remove: environments.remove.handler(({ input }) => domain.environments.remove(input.name)),
  };
}
