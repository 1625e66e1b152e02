import type { Domain } from '../domain/domain.ts';
import type { Api } from './router.ts';

export function stackRoutes({ stacks }: Api, domain: Domain) {
  return {
    list: stacks.list.handler(() => domain.stacks.list()),
    get: stacks.get.handler(({ input }) => domain.stacks.get(input.name)),
    save: stacks.save.handler(({ input }) => domain.stacks.save(input.name, input.source)),
    validate: stacks.validate.handler(({ input }) => domain.stacks.validate(input.name, input.source)),
    check: stacks.check.handler(({ input }) => domain.stacks.check(input.name, input)),
    plan: stacks.plan.handler(({ input, signal }) => domain.stacks.plan(input.name, input, signal)),
    deploy: stacks.deploy.handler(({ input }) => domain.stacks.deploy(input.name, input.source, input.options)),
    stop: stacks.stop.handler(({ input }) => domain.stacks.stop(input.name, input)),
    start: stacks.start.handler(({ input }) => domain.stacks.start(input.name, input)),
    restart: stacks.restart.handler(({ input }) => domain.stacks.restart(input.name, input)),
    pull: stacks.pull.handler(({ input }) => domain.stacks.pull(input.name, input.source, input.services)),
    build: stacks.build.handler(({ input }) => domain.stacks.build(input.name, input.source, input)),
    adopt: stacks.adopt.handler(({ input }) => domain.stacks.adopt(input.name, input.source)),
    remove: stacks.remove.handler(({ input }) => domain.stacks.remove(input.name, input)),
    revisions: stacks.revisions.handler(({ input }) => domain.stacks.revisions(input.name)),
    revisionSource: stacks.revisionSource.handler(({ input }) =>
      domain.stacks.revisionSource(input.name, input.revision),
    ),
    rollback: stacks.rollback.handler(({ input }) => domain.stacks.rollback(input.name, input.revision, input.timeout)),
    run: stacks.run.handler(({ input, signal }) => domain.stacks.run(input.name, input.source, input, signal)),
  };
}
