import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { thisMachine } from './machine.ts';
import { serviceStatus } from './service.ts';
import type { serviceStatusSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof serviceStatusSpec.flags>): Promise<number> {
  const status = await serviceStatus(thisMachine);
  if (context.global.json) context.printJson(status);
  else if (status.init === 'none') context.print('Neither systemd nor OpenRC runs here, so Drover is no service.');
  else if (!status.installed) context.print('Drover is no service here; drover service install makes it one.');
  else
    context.print(
      `Drover is a service of ${status.init}: it ${status.running ? 'runs' : 'does not run'}, and ${status.atBoot ? 'starts' : 'does not start'} at boot.`,
    );
  return status.running ? exitCodes.ok : exitCodes.failure;
}
