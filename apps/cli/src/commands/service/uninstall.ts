import { join } from 'node:path';
import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { ServiceError, thisMachine } from './machine.ts';
import { uninstallService } from './service.ts';
import type { serviceUninstallSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof serviceUninstallSpec.flags>): Promise<number> {
  if (!context.isRoot)
    throw new ServiceError(
      `removing the service: only root may: sudo ${join(context.installFolder, 'bin', 'drover')} service uninstall`,
    );
  const removed = await uninstallService(thisMachine);
  if (context.global.json) context.printJson({ removed });
  else
    context.print(
      removed ? 'Drover is no service any more. Its data and the applications stay.' : 'Drover is no service here.',
    );
  return 0;
}
