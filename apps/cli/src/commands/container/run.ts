import { messageOf } from '@drover/base';
import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import { runRemote } from '../../remote/remote-process.ts';
import { splitWords } from '../../remote/shell-words.ts';
import { environmentOf, wantsTty } from './process-options.ts';
import { remoteExitCode } from './remote-exit.ts';
import type { runSpec } from './specs.ts';

export async function run(context: Context, { flags, args, rest }: Invocation<typeof runSpec.flags>): Promise<number> {
  const [service] = args;
  const environment = environmentOf(context, flags.env, 'run');
  const entrypoint = flags.entrypoint === undefined ? undefined : splitWords(flags.entrypoint, '--entrypoint');
  const name = await resolveStackName(context);
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
