import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { confirm } from '../../terminal/prompt.ts';
import { printSwarm } from './print-swarm.ts';
import type { swarmRecoverSpec } from './specs.ts';

export async function run(
  context: Context,
  { flags, args }: Invocation<typeof swarmRecoverSpec.flags>,
): Promise<number> {
  const { client } = await context.connect();
  const [host] = args;
  const { json } = context.global;
  const recovery = await client.cluster.recovery();
  if (host === undefined || recovery.refusal !== undefined) {
    if (json) context.printJson(recovery);
    else if (recovery.refusal !== undefined) context.print(`Nothing is recovered: ${recovery.refusal}.`);
    else printChoices(context, recovery);
    return host === undefined ? exitCodes.ok : exitCodes.failure;
  }
  if (!json) printChoices(context, recovery);
  if (!flags.yes && !(await confirm(context.terminal, `Go on from ${host}?`))) {
    context.say('Nothing was changed.');
    return exitCodes.cancelled;
  }
  const swarm = await client.cluster.recover({ host });
  if (json) context.printJson(swarm);
  else printSwarm(context, swarm);
  return exitCodes.ok;
}

interface Recovery {
  readonly choices: readonly { readonly host: string; readonly why: string }[];
  readonly givenUp: readonly string[];
  readonly warnings: readonly string[];
}

function printChoices(context: Context, { choices, givenUp, warnings }: Recovery): void {
  for (const { host, why } of choices) context.print(`${host}: ${why}`);
  if (givenUp.length > 0) context.print(`given up: ${givenUp.join(', ')}`);
  for (const warning of warnings) context.print(`warning: ${warning}`);
}
