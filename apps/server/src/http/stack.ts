import { environmentOf } from './context.ts';
import type { Api } from './router.ts';

export function stackRoutes({ stacks }: Api) {
  return {
    list: stacks.list.handler(({ context }) => environmentOf(context).stacks.list()),
    get: stacks.get.handler(({ input, context }) => environmentOf(context).stacks.get(input.name)),
    save: stacks.save.handler(({ input, context }) => environmentOf(context).stacks.save(input.name, input.source)),
    validate: stacks.validate.handler(({ input, context }) =>
      environmentOf(context).stacks.validate(input.name, input.source),
    ),
    check: stacks.check.handler(({ input, context }) => environmentOf(context).stacks.check(input.name, input)),
    plan: stacks.plan.handler(({ input, context, signal }) =>
      environmentOf(context).stacks.plan(input.name, input, signal),
    ),
    deploy: stacks.deploy.handler(({ input, context }) =>
      environmentOf(context).stacks.deploy(input.name, input.source, input.options),
    ),
    stop: stacks.stop.handler(({ input, context }) => environmentOf(context).stacks.stop(input.name, input)),
    start: stacks.start.handler(({ input, context }) => environmentOf(context).stacks.start(input.name, input)),
    restart: stacks.restart.handler(({ input, context }) => environmentOf(context).stacks.restart(input.name, input)),
    pull: stacks.pull.handler(({ input, context }) =>
      environmentOf(context).stacks.pull(input.name, input.source, input.services),
    ),
    build: stacks.build.handler(({ input, context }) =>
      environmentOf(context).stacks.build(input.name, input.source, input),
    ),
    adopt: stacks.adopt.handler(({ input, context }) => environmentOf(context).stacks.adopt(input.name, input.source)),
    remove: stacks.remove.handler(({ input, context }) => environmentOf(context).stacks.remove(input.name, input)),
    revisions: stacks.revisions.handler(({ input, context }) => environmentOf(context).stacks.revisions(input.name)),
    revisionSource: stacks.revisionSource.handler(({ input, context }) =>
      environmentOf(context).stacks.revisionSource(input.name, input.revision),
    ),
    rollback: stacks.rollback.handler(({ input, context }) =>
      environmentOf(context).stacks.rollback(input.name, input.revision, input.timeout),
    ),
    run: stacks.run.handler(({ input, context, signal }) =>
      environmentOf(context).stacks.run(input.name, input.source, input, signal),
    ),
  };
}
