import { messageOf } from '@drover/base';
import { splitShellWords } from '@drover/compose/syntax/shell-words';
import type { Invocation } from '../../command/command.ts';
import { UsageError } from '../../command/errors.ts';
import { quote } from '../../command/quote.ts';
import type { Context } from '../../context.ts';
import { runRemote } from '../../remote/remote-process.ts';
import { makeSource } from '../../source/make-source.ts';
import { environmentOf, wantsTty } from './process-options.ts';
import { remoteExitCode } from './remote-exit.ts';
import type { runSpec } from './specs.ts';

export async function run(context: Context, { flags, args, rest }: Invocation<typeof runSpec.flags>): Promise<number> {
  const [service] = args;
  const environment = environmentOf(context, flags.env, 'run');
  const entrypoint = flags.entrypoint === undefined ? undefined : splitShellWords(flags.entrypoint);
  if (flags.entrypoint !== undefined && entrypoint === undefined)
    throw new UsageError(`run: --entrypoint: a quote is not closed in ${quote(flags.entrypoint)}.`, 'run');
  const { name, source } = await makeSource(context, [service!]);
  const { client, link } = await context.connect();
  const tty = !flags.detach && wantsTty(context, flags);
  const stdin = !flags.detach && !flags.noStdin;
  const made = await client.stacks.run({
    name,
    service: service!,
    tty,
    interactive: stdin,
    servicePorts: flags.servicePorts,
    dependencies: !flags.noDeps,
    environment: Object.fromEntries(environment),
    ...(source === undefined ? {} : { source }),
    ...(rest.length === 0 ? {} : { command: [...rest] }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(flags.user === undefined ? {} : { user: flags.user }),
    ...(flags.workdir === undefined ? {} : { workdir: flags.workdir }),
  });
  const id = made.containerId;
  if (flags.detach) {
    await client.containers.start({ id });
    if (context.global.json) context.printJson(made);
    else context.print(made.name);
    return 0;
  }
  const release = context.onInterrupt((signal) => void client.containers.kill({ id, signal }).catch(() => {}));
  try {
    const { ticket } = await client.session.ticket({ purpose: 'attach', container: id });
    return await remoteExitCode(context, () =>
      runRemote({
        link,
        path: `/containers/${encodeURIComponent(id)}/attach?ticket=${encodeURIComponent(ticket)}`,
        terminal: context.terminal,
        tty,
        stdin,
        start: {},
      }),
    );
  } finally {
    release();
    if (flags.rm)
      await client.containers.remove({ id, force: true }).catch((error: unknown) => {
        context.say(`${made.name} was not removed: ${messageOf(error)}`);
      });
  }
}
