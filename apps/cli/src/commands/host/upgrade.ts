import { unreachable } from '@drover/base';
import type { UpgradeEvent } from '@drover/contract';
import type { Invocation } from '../../command/command.ts';
import { UsageError } from '../../command/errors.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import type { hostUpgradeSpec } from './specs.ts';

export async function run(
  context: Context,
  { flags, args }: Invocation<typeof hostUpgradeSpec.flags>,
): Promise<number> {
  if (flags.all === args.length > 0)
    throw new UsageError('host upgrade: name hosts, or give --all, and not both.', 'host upgrade');
  const { client } = await context.connect();
  const events = await client.hosts.upgrade(flags.all ? {} : { hosts: [...args] });
  let seen = 0;
  let failed = false;
  for await (const event of events) {
    seen += 1;
    failed ||= event.step === 'failed';
    if (context.global.json) context.printJson(event);
    else {
      const line = upgradeLine(event);
      if (line !== undefined) context.print(line);
    }
  }
  if (seen === 0 && !context.global.json) context.print('Every host that is connected has this build already.');
  return failed ? exitCodes.failure : exitCodes.ok;
}

/** One step in words; what only says that it will come is left out. */
export function upgradeLine({ host, step, version, message }: UpgradeEvent): string | undefined {
  switch (step) {
    case 'waiting':
      return undefined;
    case 'sending':
      return `${host}: sending ${version ?? 'the agent'}`;
    case 'restarting':
      return `${host}: restarting`;
    case 'done':
      return `${host}: runs ${version ?? 'the new agent'}`;
    case 'current':
      return `${host}: has ${version ?? 'this build'} already`;
    case 'failed':
      return `${host}: not upgraded: ${message ?? 'no reason given'}`;
    default:
      return unreachable(step);
  }
}
