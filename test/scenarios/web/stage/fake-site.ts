import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeEngine, type FakeEngine } from '@drover/engine/fake';
import { type DroverServer, readSettings, startServer } from '@drover/server';
import { createLog } from '@drover/server/log';
import { FakeHosts } from './fake-hosts.ts';
import { webFolder } from './web-build.ts';

const images = ['nginx:1.27', 'nginx:1.26', 'redis:7.4', 'busybox:latest'];

/** A Drover with its UI over an engine in memory, on an address that it keeps over restarts. */
export class FakeSite {
  readonly engine: FakeEngine = createFakeEngine();
  /** The engine of every environment of the kind `engine` other than `local`. */
  readonly remoteEngine: FakeEngine = createFakeEngine();
  /** The hosts of environments of the kind `swarm`. */
  readonly hosts: FakeHosts = new FakeHosts(images);
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'drover-web-'));
  readonly #port: number;
  #server: DroverServer | undefined;

  private constructor(port: number) {
    this.#port = port;
  }

  static async open(): Promise<FakeSite> {
    const site = new FakeSite(await freePort());
    for (const engine of [site.engine, site.remoteEngine])
      for (const image of images)
        engine.control.addImage(image, {
          config: { Cmd: ['run'] },
          content: image,
          behaviour: { logs: [`${image} is ready`] },
        });
    await site.start();
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get token(): string {
    return readFileSync(join(this.#dataDir, 'admin-token'), 'utf8').trim();
  }

  signInLink(): Promise<string> {
    if (this.#server === undefined) throw new Error('the server does not run');
    return this.#server.signInLink();
  }

  async start(): Promise<void> {
    const settings = readSettings({
      DROVER_DATA: this.#dataDir,
      DROVER_LISTEN: `127.0.0.1:${this.#port}`,
      DROVER_WEB_DIR: webFolder,
      DOCKER_HOST: 'unix:///fake',
    });
    const agentBundle = join(this.#dataDir, 'agent.mjs');
    writeFileSync(agentBundle, '// What hosts are sent.');
    const agents = { agentListen: { host: '127.0.0.1', port: 0 }, agentBundle };
    this.#server = await startServer(
      { ...settings, ...agents },
      {
        engine: this.engine,
        remoteEngineOf: () => this.remoteEngine,
        hostsOf: this.hosts.hostsOf,
        log: createLog('silent'),
        version: '0.0.0',
      },
    );
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  async close(): Promise<void> {
    this.hosts.stop();
    await this.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  /** Calls the API as the admin; throws what it refuses. */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Deploys one Compose file and waits until nothing of it is under way. `environment` is a prefix of paths: `/environments/west`. */
  async deploy(name: string, text: string, environment = ''): Promise<void> {
    const source = { composeFiles: ['compose.yaml'], files: [{ path: 'compose.yaml', text }] };
    await this.call('POST', `${environment}/stacks/${name}/deploy`, { source });
    for (let tries = 0; tries < 200; tries++) {
      const { state } = (await this.call('GET', `${environment}/stacks/${name}`)) as { state: string };
      if (state === 'running') return;
      if (state === 'failed') throw new Error(`the deploy of ${name} failed`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${name} does not run after 10 seconds`);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
