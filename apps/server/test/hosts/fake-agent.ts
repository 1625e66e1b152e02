import { once } from 'node:events';
import { request } from 'node:https';
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import {
  type AgentRequest,
  type Hello,
  type HostFacts,
  type JoinAnswer,
  paths,
  protocolRange,
  type Refusal,
  type ServedTunnel,
  serveTunnel,
  tunnelAlpn,
} from '@drover/tunnel';
import { type HostKey, makeHostKey } from './host-key.ts';

/** An engine that never answers. */
const noEngine = async () => {
  throw new Error('no engine answers on the socket /var/run/docker.sock');
};

export interface Dialled {
  readonly socket: TLSSocket;
  readonly served: ServedTunnel;
}

/** The agent's side in a few lines: joins, dials in and answers what the server asks. */
export class FakeAgent {
  readonly port: number;
  readonly hostKey: HostKey;
  hostname: string;
  engineId: string | undefined;
  hello: Partial<Hello> = {};
  /** Answers nothing any more, as a process that was stopped. */
  isStopped = false;
  /** What it does once it was sent another build. */
  onUpgrade: (() => Promise<void>) | undefined;
  answer: JoinAnswer | undefined;
  /** Requests that came through the tunnel, but for the hello. */
  readonly asked: AgentRequest[] = [];
  readonly #open: TLSSocket[] = [];

  private constructor(port: number, hostKey: HostKey, hostname: string, engineId: string | undefined) {
    this.port = port;
    this.hostKey = hostKey;
    this.hostname = hostname;
    this.engineId = engineId;
  }

  static async make(
    port: number,
    hostname: string,
    engineId: string | undefined = `engine-of-${hostname}`,
  ): Promise<FakeAgent> {
    return new FakeAgent(port, await makeHostKey(), hostname, engineId);
  }

  /** The same machine's disk in another machine. */
  clone(): FakeAgent {
    const clone = new FakeAgent(this.port, this.hostKey, this.hostname, this.engineId);
    clone.answer = this.answer;
    return clone;
  }

  get hostId(): string {
    return this.answer?.hostId ?? '';
  }

  async join(token: string): Promise<{ readonly status: number; readonly body: JoinAnswer & Refusal }> {
    const { engineId, hostname } = this;
    const wanted = {
      token,
      csr: this.hostKey.csr,
      software: '1.0.0',
      hostname,
      ...(engineId === undefined ? {} : { engineId }),
    };
    const joined = await call(this.port, 'POST', paths.join, JSON.stringify(wanted));
    const body = JSON.parse(joined.text) as JoinAnswer & Refusal;
    if (joined.status === 200) this.answer = body;
    return { status: joined.status, body };
  }

  /** Joins and fails the test where that is refused. */
  async mustJoin(token: string): Promise<this> {
    const { status, body } = await this.join(token);
    if (status !== 200) throw new Error(body.message);
    return this;
  }

  async dial(options: ConnectionOptions = {}): Promise<Dialled> {
    const socket = connect({
      host: '127.0.0.1',
      port: this.port,
      key: this.hostKey.key,
      cert: this.answer?.certificate,
      ca: this.answer?.authority,
      servername: 'drover-server',
      ALPNProtocols: [tunnelAlpn],
      ...options,
    });
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    this.#open.push(socket);
    const served = serveTunnel(socket, {
      docker: noEngine,
      answer: (asked) => this.#answer(asked),
      pingMs: 500,
      silentMs: 6000,
    });
    return { socket, served };
  }

  /** Dials and waits until the server has kept the tunnel. */
  async connect(): Promise<Dialled> {
    const dialled = await this.dial();
    const refused = await Promise.race([dialled.served.opened, dialled.served.closed]);
    if (refused !== undefined) throw new Error(refused.message);
    return dialled;
  }

  /** Dials and resolves with why there is no tunnel. */
  async refusedBecause(options: ConnectionOptions = {}): Promise<Refusal> {
    const { served } = await this.dial(options);
    return await Promise.race([
      served.closed,
      served.opened.then(() => ({ reason: 'kept', message: 'the server kept the tunnel' })),
    ]);
  }

  stop(): void {
    for (const socket of this.#open.splice(0)) socket.destroy();
  }

  async #answer(asked: AgentRequest) {
    if (this.isStopped) await new Promise(() => {});
    if (asked.path === paths.hello) return { status: 200, body: this.#hello() };
    this.asked.push(asked);
    if (asked.path === paths.facts) return { status: 200, body: this.facts() };
    if (asked.path === paths.renew) return { status: 200, body: { csr: this.hostKey.csr } };
    if (asked.path === paths.certificate) {
      const given = (await asked.json()) as { certificate: string; authority: string };
      this.answer = { hostId: this.hostId, ...given };
      return { status: 204 };
    }
    if (asked.path === paths.load)
      return { status: 200, body: { cpu: 0.5, memoryUsedBytes: 1e9, memoryBytes: 4e9, disks: [] } };
    if (asked.path === paths.upgrade && this.onUpgrade !== undefined) {
      for await (const _ of asked.stream.iterator({ destroyOnReturn: false }));
      return { status: 202, afterwards: () => void this.onUpgrade?.() };
    }
    return { status: 404, body: { reason: 'path', message: 'there is no such path' } };
  }

  facts(): HostFacts {
    return {
      hostname: this.hostname,
      cpus: 2,
      memoryBytes: 4e9,
      disks: [{ path: '/var/lib/docker', totalBytes: 1e11, freeBytes: 5e10 }],
      engine:
        this.engineId === undefined
          ? null
          : {
              id: this.engineId,
              version: '28.5.2',
              apiVersion: '1.51',
              swarmNodeId: '',
              swarmState: 'inactive',
              swarmManager: false,
            },
      kernel: '6.1.0',
      os: 'linux',
      architecture: 'x86_64',
      distribution: 'Debian GNU/Linux 13',
      abilities: { ipvs: false, wireguard: true, esp: true, criu: false, cgroupVersion: 2 },
    };
  }

  #hello(): Hello {
    const { hostname, engineId } = this;
    return {
      software: '1.0.0',
      protocols: protocolRange,
      hostname,
      bootId: 'b1',
      ...(engineId === undefined ? {} : { engineId }),
      ...this.hello,
    };
  }
}

/** One HTTP request to the port of agents. */
export function call(
  port: number,
  method: string,
  path: string,
  body?: string,
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const headers =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(
      { host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false, agent: false },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Resolves once a socket is closed by the other side; with what came before. */
export async function closedWith(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (part: Buffer) => {
    text += part.toString('latin1');
  });
  socket.on('error', () => {});
  if (!socket.closed) await once(socket, 'close');
  return text;
}

/** Waits until it is so, at most ten seconds. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('it did not become so within ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
