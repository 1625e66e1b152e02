import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Dialer } from '../transport/dialer.ts';

export interface DialerBridge {
  close(): Promise<void>;
}

/**
 * Makes what a dialer reaches reachable under a socket file, so that a program that knows only `DOCKER_HOST` can use it.
 * Whoever may open the file has the engine: it belongs in a folder of mode 0700.
 */
export async function bridgeDialer(dial: Dialer, path: string): Promise<DialerBridge> {
  const open = new Set<Duplex>();
  const stop = new AbortController();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    open.add(near);
    near.once('close', () => open.delete(near)).on('error', () => {});
    dial(stop.signal).then(
      (far) => join(near, far, open),
      () => near.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  return {
    close: async () => {
      stop.abort();
      for (const connection of open) connection.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join(near: Socket, far: Duplex, open: Set<Duplex>): void {
  open.add(far);
  far.once('close', () => open.delete(far)).on('error', () => {});
  // Each direction ends on its own, as the other side's half-close asks.
  const drop = () => {
    near.destroy();
    far.destroy();
  };
  Promise.all([pipeline(near, far), pipeline(far, near)]).then(drop, drop);
}
