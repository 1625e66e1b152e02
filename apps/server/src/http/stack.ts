import type { Domain } from '../domain/domain.ts';
import type { Api } from './router.ts';

export function stackRoutes({ stacks }: Api, domain: Domain) {
  return {
    list: stacks.list.handler(() => domain.stacks.list()),
    get: stacks.get.handler(({ input }) => domain.stacks.get(input.name)),
  };
}
