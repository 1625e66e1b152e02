import type { DeploymentEvent, DeploymentView } from '@drover/contract';
import { UnreachableError } from '../client/api-error.ts';
import type { ApiClient } from '../client/client.ts';

/** How long a server may be away before following it is given up. The deployment itself goes on without a follower. */
const patience = 60_000;

/**
 * The events of a deployment from its beginning to its end. A connection that breaks is made again; the stream starts over
 * then, with what the server has kept of it, so events that were seen are left out.
 */
export async function* watchDeployment(
  client: ApiClient,
  deployment: DeploymentView,
  signal: AbortSignal,
): AsyncGenerator<DeploymentEvent, void, undefined> {
  const seen = new Set<string>();
  let lostAt: number | undefined;
  let pause = 100;
  for (;;) {
    let why = 'the server ended the connection';
    try {
      for await (const event of await client.deployments.events({ id: deployment.id }, { signal })) {
        const text = JSON.stringify(event);
        if (seen.has(text)) continue;
        seen.add(text);
        lostAt = undefined;
        pause = 100;
        yield event;
        if (event.type === 'ended') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof UnreachableError)) throw error;
      why = error.message;
    }
    if (signal.aborted) return;
    // A stream that ends before the deployment does belongs to a server that stops.
    lostAt ??= Date.now();
    if (Date.now() - lostAt > patience)
      throw new UnreachableError(
        `following the deployment of ${deployment.stack}: ${why}; it may still be going on (drover follow shows it)`,
      );
    await sleep(pause, signal);
    pause = Math.min(2000, pause * 2);
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
