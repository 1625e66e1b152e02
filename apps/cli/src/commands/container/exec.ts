import type { ContainerView, StackView } from '@drover/contract';
import type { Invocation } from '../../command/command.ts';
import { CommandError, UsageError } from '../../command/errors.ts';
import { quote } from '../../command/quote.ts';
import type { Context } from '../../context.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import { runRemote } from '../../remote/remote-process.ts';
import { checkServices } from '../stack/service-names.ts';
import { environmentOf, wantsTty } from './process-options.ts';
import { remoteExitCode } from './remote-exit.ts';
import type { execSpec } from './specs.ts';

export async function run(context: Context, { flags, args, rest }: Invocation<typeof execSpec.flags>): Promise<number> {
  const [service] = args;
  if (rest.length === 0) throw new UsageError('exec: the command is missing: drover exec SERVICE COMMAND….', 'exec');
  const environment = environmentOf(context, flags.env, 'exec');
  const name = await resolveStackName(context);
  const { client, link } = await context.connect();
  const container = pickContainer(await client.stacks.get({ name }), service!, flags.index);
  const { ticket } = await client.session.ticket({ purpose: 'exec', container: container.id });
  const tty = wantsTty(context, flags);
  return remoteExitCode(context, () =>
    runRemote({
      link,
      path: `/containers/${encodeURIComponent(container.id)}/exec?ticket=${encodeURIComponent(ticket)}`,
      terminal: context.terminal,
      tty,
      stdin: !flags.noStdin,
      start: {
        command: rest,
        tty,
        interactive: !flags.noStdin,
        environment: [...environment].map(([key, value]) => `${key}=${value}`),
        privileged: flags.privileged,
        ...(flags.user === undefined ? {} : { user: flags.user }),
        ...(flags.workdir === undefined ? {} : { workdir: flags.workdir }),
      },
    }),
  );
}

function pickContainer(stack: StackView, service: string, index: number | undefined): ContainerView {
  checkServices(stack, [service]);
  const { containers } = stack.serviceStates.find((each) => each.name === service)!;
  const found =
    index === undefined
      ? containers.find(({ state }) => state === 'running')
      : containers.find(({ number }) => number === index);
  if (found === undefined)
    throw new CommandError(
      index === undefined
        ? `no container of ${quote(service)} runs; drover -p ${stack.name} ps shows them`
        : `${quote(service)} has no container number ${index}`,
    );
  if (found.state !== 'running') throw new CommandError(`${found.name} does not run: ${found.status || found.state}`);
  return found;
}
