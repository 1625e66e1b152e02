import type { ContainerView, StackView } from '@drover/contract';
import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import { printTable } from '../../terminal/print-table.ts';
import { paintState } from '../state-paint.ts';
import { checkServices } from './service-names.ts';
import type { psSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof psSpec.flags>): Promise<number> {
  const name = await resolveStackName(context);
  const { client } = await context.connect();
  const stack = await client.stacks.get({ name });
  checkServices(stack, args);
  const wanted = stack.serviceStates.filter((service) => args.length === 0 || args.includes(service.name));
  const containers = wanted.flatMap((service) => service.containers);
  if (context.global.json) context.printJson(flags.services ? wanted.map((service) => service.name) : containers);
  else if (flags.services) for (const service of wanted) context.print(service.name);
  else if (flags.quiet) for (const { id } of containers) context.print(id.slice(0, 12));
  else {
    printContainers(context, stack, containers);
    for (const { name: service, missing = [] } of wanted)
      for (const words of missing) context.print(`missing: ${service}: ${words}`);
  }
  return 0;
}

function printContainers(context: Context, stack: StackView, containers: readonly ContainerView[]): void {
  if (containers.length === 0) {
    context.say(`${stack.name} has no containers; it is ${stack.state}.`);
    return;
  }
  const hasHosts = containers.some(({ host }) => host !== undefined);
  printTable(
    context,
    [
      { title: 'CONTAINER', flexible: true },
      ...(hasHosts ? [{ title: 'HOST' }] : []),
      { title: 'SERVICE' },
      { title: 'STATE', paint: paintState(context.paint) },
      { title: 'STATUS' },
      { title: 'PORTS', flexible: true },
      { title: 'IMAGE', flexible: true },
    ],
    containers.map((each) => [
      each.name,
      ...(hasHosts ? [each.host ?? ''] : []),
      each.service ?? '',
      stateWord(each),
      each.status,
      each.ports.join(', '),
      each.image.replace(/^(.+:[^/@]+)@sha256:[0-9a-f]{64}$/, '$1'),
    ]),
  );
}

/** `healthy` says more than `running`, and an exit code more than `exited`. */
function stateWord({ state, health, exitCode }: ContainerView): string {
  if (state === 'running' && health !== undefined) return health;
  return state === 'exited' && exitCode !== undefined ? `exited ${exitCode}` : state;
}
