import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLab, type HostProcess, type Lab, type LabHost } from '@drover/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from './stage/program.ts';
import { repository } from './stage/repository.ts';

let lab: Lab;
let host: LabHost;

beforeAll(async () => {
  lab = await createLab({ hosts: [{ engine: 'none', name: 'newcomer' }], images: ['busybox'] });
  host = lab.host('newcomer');
});

afterAll(async () => {
  await lab?.down();
});

test('a newcomer clones the repository on a bare machine, runs npm start, and has Drover and an application', async () => {
  expect((await host.exec(['sh', '-c', 'command -v docker dockerd'])).exitCode).not.toBe(0);
  const bare = join(lab.sharedDir, 'drover.git');
  const published = await runProgram('git', ['clone', '--quiet', '--bare', repository, bare]);
  expect(published.exitCode, published.output).toBe(0);
  await mustExec(['git', '-c', 'safe.directory=*', 'clone', '--quiet', bare, '/root/drover']);

  const first = await Start.begin();
  const ready = await first.said(/Drover is ready: (http:\S+)/, 300_000);
  const link = await first.said(/Sign in \(once\): (http:\S+)/, 5_000);
  expect(ready[1]).toBe('http://127.0.0.1:8420');
  expect(link[1]).toMatch(/^http:\/\/127\.0\.0\.1:8420\//);
  expect(await mustExec(['curl', '-sf', '-m', '5', 'http://127.0.0.1:8480/'])).toMatch(/<html|<h1/i);
  expect(await mustExec(['curl', '-sf', '-m', '5', 'http://127.0.0.1:8420/'])).toMatch(/<html/i);
  const unauthorised = await host.exec([
    'curl',
    '-s',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    'http://127.0.0.1:8420/api/stacks',
  ]);
  expect(unauthorised.stdout).toBe('401');
  expect(await mustExec(['/root/drover/bin/drover', 'ls'])).toMatch(/hello/);
  expect(await mustExec(['stat', '-c', '%a', '/var/lib/drover/admin-token'])).toMatch(/^600$/m);
  await first.interrupt();

  // The engine and the application go on without Drover.
  expect(await mustExec(['curl', '-sf', '-m', '5', 'http://127.0.0.1:8480/'])).toMatch(/<html|<h1/i);
  expect(await mustExec(['docker', 'ps', '--format', '{{.Names}}'])).toMatch(/^hello-web-1$/m);
  expect((await host.exec(['curl', '-s', '-m', '5', 'http://127.0.0.1:8420/'])).exitCode).not.toBe(0);

  const containers = await mustExec(['docker', 'ps', '-q', '--no-trunc']);
  const second = await Start.begin();
  await second.said(/Drover is ready: /, 60_000);
  // What it took is told, not judged: a figure belongs to a quiet machine (under 3 s is promised there).
  process.stderr.write(`second npm start: ready after ${Math.round(second.ms())} ms\n`);
  expect(await mustExec(['docker', 'ps', '-q', '--no-trunc'])).toBe(containers);
  await second.interrupt();
}, 420_000);

/** One `npm start` in the bare host, in a process group of its own as a terminal gives it. */
class Start {
  #text = '';
  readonly #process: HostProcess;
  readonly #started = performance.now();
  #readyMs = 0;

  private constructor(process: HostProcess) {
    this.#process = process;
    for (const stream of [process.stdout, process.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        this.#text += part;
        if (this.#readyMs === 0 && this.#text.includes('Drover is ready')) this.#readyMs = this.ms();
      });
  }

  static async begin(): Promise<Start> {
    const script = 'echo $$ > /root/group; exec npm start';
    return new Start(await host.spawn(['setsid', '--wait', 'sh', '-c', script], { cwd: '/root/drover' }));
  }

  /** Milliseconds until it was ready, or since it began. */
  ms(): number {
    return this.#readyMs || performance.now() - this.#started;
  }

  async said(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    let ended: number | undefined;
    this.#process.exit.then((result) => {
      ended = result.exitCode;
    });
    for (const deadline = Date.now() + timeoutMs; ; await sleep(20)) {
      const found = pattern.exec(this.#text);
      if (found) return found;
      if (ended !== undefined) throw new Error(`npm start ended with ${ended}:\n${this.#text}`);
      if (Date.now() > deadline) throw new Error(`npm start did not say ${pattern}; it said:\n${this.#text}`);
    }
  }

  /** Ctrl-C: the whole group gets the signal. */
  async interrupt(): Promise<void> {
    await mustExec(['sh', '-c', 'kill -INT -$(cat /root/group)']);
    await this.#process.exit;
  }
}

async function mustExec(args: readonly string[]): Promise<string> {
  const result = await host.exec(args);
  if (result.exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${result.exitCode}: ${result.stderr}`);
  return result.stdout;
}
