import { messageOf } from '@drover/base';
import type { DeploymentView } from '@drover/contract';
import { ApiError } from '../client/api-error.ts';
import { CancelledError, CommandError } from '../command/errors.ts';
import { exitCodes } from '../command/exit-codes.ts';
import type { Context } from '../context.ts';
import { chooseSymbols } from '../terminal/symbols.ts';
import { failureLines } from './failure-lines.ts';
import { chooseRenderer } from './renderer.ts';
import { successSentence } from './summary.ts';
import { watchDeployment } from './watch.ts';

export interface FollowOptions {
  /** What the first Ctrl-C does; the second always leaves the deployment alone and ends the command. */
  readonly interrupt: 'cancel' | 'detach';
}

/** Shows a deployment until it has ended, prints how, and resolves with the exit code. */
export async function followDeployment(
  context: Context,
  deployment: DeploymentView,
  options: FollowOptions,
): Promise<number> {
  const { client } = await context.connect();
  const renderer = chooseRenderer(context, deployment);
  const detached = new AbortController();
  let interrupts = options.interrupt === 'cancel' ? 0 : 1;
  const release = context.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) detached.abort();
    else {
      renderer.note('Cancelling; what served before is put back. Ctrl-C again ends only this command.');
      client.deployments.cancel({ id: deployment.id }).catch((error: unknown) => {
        // It may have ended in the same moment; the events tell.
        if (!(error instanceof ApiError && error.status === 409)) renderer.note(`Not cancelled: ${messageOf(error)}`);
      });
    }
  });
  try {
    for await (const event of watchDeployment(client, deployment, detached.signal)) renderer.event(event);
  } finally {
    release();
    renderer.close();
  }
  const { ended, plan } = renderer.progress;
  if (ended === undefined) {
    if (detached.signal.aborted)
      throw new CancelledError(
        `the deployment of ${deployment.stack} goes on without this command; drover follow shows it`,
      );
    throw new CommandError(`following the deployment of ${deployment.stack}: the server told no end of it`);
  }
  const exitCode =
    ended.state === 'succeeded' ? exitCodes.ok : ended.state === 'cancelled' ? exitCodes.cancelled : exitCodes.failure;
  const symbols = chooseSymbols(context.environment);
  if (context.global.json) context.printJson({ deployment: ended, ...(plan === undefined ? {} : { plan }) });
  else if (exitCode === exitCodes.ok) {
    if (context.global.progress !== 'quiet')
      context.print(`${context.paint('green', symbols.done)} ${successSentence(ended, renderer.progress)}`);
  } else
    for (const line of failureLines(ended, { paint: context.errorPaint, symbols, directory: context.directory }))
      context.say(line);
  return exitCode;
}

/** Follows a deployment, or with `--no-wait` only names it. */
export async function finishStarted(context: Context, deployment: DeploymentView, noWait: boolean): Promise<number> {
  if (!noWait) return followDeployment(context, deployment, { interrupt: 'cancel' });
  if (context.global.json) context.printJson({ deployment });
  else context.print(`${deployment.stack}: deployment ${deployment.id} has begun; drover follow shows it`);
  return exitCodes.ok;
}
