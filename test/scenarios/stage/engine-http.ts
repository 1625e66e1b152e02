import { Agent, request } from 'node:http';

/** What the engine answered to one call. */
export interface EngineAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * The barest client of an engine's socket. Tests and benchmarks look at the engine through it and not through Drover's
 * own client, so that a defect there cannot hide itself.
 */
export class EngineHttp {
  readonly #agent: Agent;
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 64 });
  }

  /** One call, whatever its status. */
  call(method: string, path: string, body?: unknown): Promise<EngineAnswer> {
    return this.send(method, path, body === undefined ? undefined : Buffer.from(JSON.stringify(body)));
  }

  /** One call with a body that is already bytes. */
  send(method: string, path: string, body?: Buffer, contentType = 'application/json'): Promise<EngineAnswer> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': contentType, 'content-length': body.length };
      const call = request({ socketPath: this.#socketPath, agent: this.#agent, method, path, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.once('error', reject);
      });
      call.once('error', reject);
      call.end(body);
    });
  }

  /** A call that has to succeed, with its JSON. */
  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return (answer.text === '' ? undefined : JSON.parse(answer.text)) as T;
  }

  /** Lines of JSON as they come (`/events`), until `stop` is called. */
  follow(path: string, onLine: (line: unknown) => void): () => void {
    let rest = '';
    const call = request({ socketPath: this.#socketPath, method: 'GET', path }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        const lines = (rest + part).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line.trim() !== '') onLine(JSON.parse(line));
      });
      response.on('error', () => {});
    });
    call.on('error', () => {});
    call.end();
    return () => call.destroy();
  }

  close(): void {
    this.#agent.destroy();
  }
}
