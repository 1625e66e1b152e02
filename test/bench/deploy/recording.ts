import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';

/** One call to the engine as it was made. */
export interface RecordedCall {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  readonly status: number;
  readonly answer: string;
  /** Milliseconds since the recording began. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Stands between a client and an engine's socket, passes everything on and writes down each call. */
export class EngineRecorder {
  readonly #server: Server;
  readonly #socketPath: string;
  #calls: RecordedCall[] = [];

  constructor(socketPath: string, enginePath: string) {
    this.#socketPath = socketPath;
    this.#server = createServer((incoming, outgoing) => {
      const startedAt = performance.now();
      const sent: Buffer[] = [];
      const got: Buffer[] = [];
      const { method = 'GET', url = '/', headers } = incoming;
      const onward = request({ socketPath: enginePath, method, path: url, headers }, (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        response.on('data', (part: Buffer) => {
          got.push(part);
          outgoing.write(part);
        });
        response.on('end', () => {
          outgoing.end();
          this.#calls.push({
            method,
            path: url,
            contentType: headers['content-type'] ?? '',
            body: Buffer.concat(sent),
            status: response.statusCode ?? 0,
            answer: Buffer.concat(got).toString('utf8'),
            startedAt,
            endedAt: performance.now(),
          });
        });
        response.on('error', () => outgoing.destroy());
      });
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      incoming.on('data', (part: Buffer) => {
        sent.push(part);
        onward.write(part);
      });
      incoming.on('end', () => onward.end());
    });
  }

  async open(): Promise<void> {
    await rm(this.#socketPath, { force: true });
    this.#server.listen(this.#socketPath);
    await once(this.#server, 'listening');
  }

  /** The calls that ended since the last time, in the order in which they began. */
  take(): RecordedCall[] {
    const calls = this.#calls.sort((a, b) => a.startedAt - b.startedAt);
    this.#calls = [];
    return calls;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await rm(this.#socketPath, { force: true });
  }
}
