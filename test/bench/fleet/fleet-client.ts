import { readFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { get, Agent as TlsAgent } from 'node:https';
import { join } from 'node:path';
import type { DroverServer } from '../../scenarios/stage/drover-server.ts';

/** Asks the server by HTTP over kept connections, as its clients do. */
export class FleetClient {
  readonly #url: string;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  static async of(server: DroverServer): Promise<FleetClient> {
    return new FleetClient(server.url, (await readFile(join(server.dataDir, 'admin-token'), 'utf8')).trim());
  }

  /** The answer's text; rejects with it where the status is not 200. */
  async text(method: 'GET' | 'POST', path: string, body?: unknown): Promise<string> {
    const response = await this.open(method, path, body);
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    if (response.statusCode !== 200) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`);
    return text;
  }

  async json<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    return JSON.parse(await this.text(method, path, body)) as Answer;
  }

  /** The answer with its body unread. */
  open(method: 'GET' | 'POST', path: string, body?: unknown): Promise<IncomingMessage> {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const call = request(`${this.#url}${path}`, { method, headers, agent: this.#agent }, resolve);
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** What the pasted line's script says of the server: the fingerprint of its authority. */
export async function readAuthority(agentUrl: string): Promise<string> {
  const agent = new TlsAgent({ rejectUnauthorized: false });
  const script = await new Promise<string>((resolve, reject) => {
    get(`${agentUrl}/install`, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
  agent.destroy();
  const [, authority] = /^authority='([^']+)'$/m.exec(script) ?? [];
  if (authority === undefined)
    throw new Error(`reading the authority: the script does not say it:\n${script.slice(0, 500)}`);
  return authority;
}
