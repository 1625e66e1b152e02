import type { Context } from '../../context.ts';
import { RemoteError } from '../../remote/remote-process.ts';

/** What docker ends with when a container's command could not be started. */
const notStarted = 125;

/** The remote command's exit code, or 125 and a sentence when it could not be run to its end. */
export async function remoteExitCode(context: Context, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    context.say(`${context.errorPaint('red', 'drover:')} ${error.message}`);
    return notStarted;
  }
}
