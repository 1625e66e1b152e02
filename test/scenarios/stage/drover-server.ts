import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { RunningProgram } from './program.ts';
import { pinnedNode, serverScript } from './repository.ts';

export interface DroverServerOptions {
  /** Its `DROVER_DATA`; it outlives a kill, so that the next start goes on with it. */
  readonly dataDir: string;
  readonly dockerHost: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A real Drover server in a process of its own. */
export class DroverServer {
  readonly #options: DroverServerOptions;
  #program: RunningProgram | undefined;
  #port = 0;

  constructor(options: DroverServerOptions) {
    this.#options = options;
  }

  get dataDir(): string {
    return this.#options.dataDir;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get pid(): number {
    const pid = this.#program?.child.pid;
    if (pid === undefined) throw new Error('the server does not run');
    return pid;
  }

  /** Starts it and resolves once it says that it is ready. */
  async start(): Promise<void> {
    if (this.#program && !this.#program.ended) throw new Error('the server runs already');
    await mkdir(this.#options.dataDir, { recursive: true, mode: 0o700 });
    this.#port ||= await freePort();
    const script = await serverScript();
    // It goes with the process that started it, also when that is killed.
    const args = ['--pdeathsig', 'KILL', pinnedNode, '--disable-warning=ExperimentalWarning', script];
    this.#program = new RunningProgram('setpriv', args, {
      timeoutMs: 3_600_000,
      env: {
        DROVER_DATA: this.#options.dataDir,
        DROVER_LISTEN: `127.0.0.1:${this.#port}`,
        DOCKER_HOST: this.#options.dockerHost,
        DROVER_URL: undefined,
        DROVER_TOKEN: undefined,
        ...this.#options.env,
      },
    });
    await this.#program.said(/Drover is ready: http:\S+/);
  }

  /** What the API answers, for who looks again and again: a command would be a process each time, at the cost of what it waits for. */
  async get<Answer>(path: string): Promise<Answer> {
    const token = (await readFile(join(this.#options.dataDir, 'admin-token'), 'utf8')).trim();
    const answer = await fetch(`${this.url}/api${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }

  /** The sudden death of the control plane. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** An orderly stop. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Lets it neither hear nor do anything until `wake`. */
  suspend(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  wake(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Whether its process is there. */
  get isStarted(): boolean {
    return this.#program !== undefined && !this.#program.ended;
  }

  /** What it printed and logged since its last start. */
  get output(): string {
    return this.#program?.output ?? '';
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const program = this.#program;
    this.#program = undefined;
    if (!program || program.ended) return;
    const closed = once(program.child, 'close');
    program.signal(signal);
    const late = setTimeout(() => program.signal('SIGKILL'), 15_000);
    await closed;
    clearTimeout(late);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('finding a free port: there is none');
  return address.port;
}
