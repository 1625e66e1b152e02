import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on the loopback that can delay what it passes on, lose everything, and swallow a connection's end. */
export class LoopbackProxy {
  readonly #targetPort: number;
  readonly #delayMs: number;
  readonly #server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#join(socket));
  readonly #sockets = new Set<Socket>();
  #silent = false;

  constructor(targetPort: number, delayMs = 0) {
    this.#targetPort = targetPort;
    this.#delayMs = delayMs;
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on nothing comes through, in either direction, and no connection ends: as if a cable were cut. */
  cut(): void {
    this.#silent = true;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(socket: Socket): void {
    const onward = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.#pass(socket, onward);
    this.#pass(onward, socket);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    const later = (work: () => void) => {
      const unlessCut = () => {
        if (!this.#silent) work();
      };
      if (this.#delayMs === 0) unlessCut();
      else setTimeout(unlessCut, this.#delayMs);
    };
    from.on('data', (data: Buffer) => later(() => to.write(data)));
    from.on('end', () => later(() => to.end()));
    from.on('error', () => later(() => to.destroy()));
    from.on('close', () => this.#sockets.delete(from));
  }
}
