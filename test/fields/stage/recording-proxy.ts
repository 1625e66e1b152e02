import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';

/** Stands before an engine and keeps the bodies that containers are asked for with, also those that the engine refuses. */
export class RecordingProxy {
  readonly #server: Server;
  readonly #path: string;
  readonly #bodies: unknown[] = [];

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.#path = path;
  }

  static async open(engineSocket: string, path: string): Promise<RecordingProxy> {
    const server = createServer();
    const proxy = new RecordingProxy(server, path);
    server.on('request', (incoming, outgoing) => {
      const { method, url = '', headers } = incoming;
      const forwarded = request({ socketPath: engineSocket, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      forwarded.on('error', () => outgoing.destroy());
      if (/\/containers\/create(\?|$)/.test(url)) {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => proxy.#bodies.push(JSON.parse(Buffer.concat(chunks).toString())));
      }
      incoming.pipe(forwarded);
    });
    server.listen(path);
    await once(server, 'listening');
    return proxy;
  }

  get dockerHost(): string {
    return `unix://${this.#path}`;
  }

  /** The bodies since the last call. */
  take(): readonly unknown[] {
    return this.#bodies.splice(0);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
