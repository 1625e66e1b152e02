import type { ContainerView } from '@drover/contract';
import type { Invocation } from '../../command/command.ts';
import { CommandError } from '../../command/errors.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { followDeployment } from '../../progress/follow.ts';
import { loadProject } from '../../project/load-project.ts';
import { runRemote } from '../../remote/remote-process.ts';
import { makeSource } from '../../source/make-source.ts';
import { type WatchRule, watchRules } from '../../watch/rule.ts';
import { sync } from '../../watch/sync-files.ts';
import { type WatchActions, WatchSession } from '../../watch/watch-session.ts';
import type { watchSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof watchSpec.flags>): Promise<number> {
  const { result } = await loadProject(context, args.length > 0 ? { services: args } : {});
  const rules = await watchRules(result.project, args);
  const services = [...new Set(rules.map(({ service }) => service))];
  const application = new Application(context, result.project.name);
  if (!flags.noUp) {
    const exitCode = await application.deploy(services, false);
    if (exitCode !== exitCodes.ok) return exitCode;
  }
  const stop = new AbortController();
  const release = context.onInterrupt(() => stop.abort());
  try {
    const session = new WatchSession({ rules, actions: application, say: (line) => context.say(line) });
    await session.run(stop.signal);
  } finally {
    release();
  }
  return exitCodes.ok;
}

/** The stack that the watched services belong to. */
class Application implements WatchActions {
  readonly #context: Context;
  readonly #stack: string;

  constructor(context: Context, stack: string) {
    this.#context = context;
    this.#stack = stack;
  }

  /** Deploys services from the files as they stand; answers the exit code of the deployment. */
  async deploy(services: readonly string[], build: boolean): Promise<number> {
    const { name, source } = await makeSource(this.#context, services);
    const { client } = await this.#context.connect();
    const options = { services: [...services], build };
    const { deployment } = await client.stacks.deploy({ name, options, ...(source === undefined ? {} : { source }) });
    return await followDeployment(this.#context, deployment, { interrupt: 'cancel' });
  }

  async rebuild(service: string): Promise<void> {
    if ((await this.deploy([service], true)) !== exitCodes.ok)
      throw new CommandError('the deployment failed; see above');
  }

  async restart(service: string): Promise<void> {
    const { client } = await this.#context.connect();
    const { deployment } = await client.stacks.restart({ name: this.#stack, services: [service] });
    if ((await followDeployment(this.#context, deployment, { interrupt: 'cancel' })) !== exitCodes.ok)
      throw new CommandError('the restart failed; see above');
  }

  async sync(service: string, plan: Parameters<WatchActions['sync']>[1]): Promise<void> {
    const containers = await this.#running(service);
    const ids = containers.map(({ id }) => id);
    await sync(await this.#context.connect(), ids, plan, (line) => this.#context.say(line));
  }

  async exec({ service, exec }: WatchRule): Promise<void> {
    const { client, link } = await this.#context.connect();
    for (const { id, name } of await this.#running(service)) {
      const { ticket } = await client.session.ticket({ purpose: 'exec', container: id });
      const exitCode = await runRemote({
        link,
        path: `/containers/${encodeURIComponent(id)}/exec?ticket=${encodeURIComponent(ticket)}`,
        terminal: this.#context.terminal,
        tty: false,
        stdin: false,
        start: {
          command: exec.command ?? [],
          environment: Object.entries(exec.environment ?? {}).flatMap(([key, value]) =>
            value === null ? [] : [`${key}=${value}`],
          ),
          privileged: exec.privileged === true,
          ...(exec.user === undefined ? {} : { user: exec.user }),
          ...(exec.working_dir === undefined ? {} : { workdir: exec.working_dir }),
        },
      });
      if (exitCode !== 0) throw new CommandError(`in ${name} it ended with code ${exitCode}`);
    }
  }

  async #running(service: string): Promise<readonly ContainerView[]> {
    const { client } = await this.#context.connect();
    const all = await client.containers.list({ stack: this.#stack });
    const found = all.filter((each) => each.service === service && !each.oneOff && each.state === 'running');
    if (found.length === 0) throw new CommandError(`no container of ${service} runs`);
    return found;
  }
}
