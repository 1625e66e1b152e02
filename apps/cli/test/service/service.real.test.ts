import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLab, type InitName, type Lab, type LabHost } from '@drover/lab';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { runProgram } from '../../../../test/scenarios/stage/program.ts';
import { prepareCli, repository, serverScript } from '../../../../test/scenarios/stage/repository.ts';

const inits = ['systemd', 'openrc'] as const satisfies readonly InitName[];

/** What asks each init system, without Drover between, and what lies on the disk of a machine that has the service. */
const seenBy = {
  systemd: {
    isActive: ['systemctl', 'is-active', '--quiet', 'drover.service'],
    files: ['/etc/systemd/system/drover.service', '/etc/systemd/system/multi-user.target.wants/drover.service'],
  },
  openrc: {
    isActive: ['rc-service', 'drover', 'status'],
    files: ['/etc/init.d/drover', '/etc/runlevels/default/drover'],
  },
} as const;

let lab: Lab;
let drover = '';
let node = '';

beforeAll(async () => {
  [lab] = await Promise.all([
    createLab({ hosts: inits.map((init) => ({ engine: '20.10', init, name: init })), images: ['busybox'] }),
    serverScript(),
    prepareCli(),
  ]);
  const installed = await installation(join(lab.sharedDir, 'drover'));
  drover = join(installed, 'bin', 'drover');
  node = join(installed, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
});

afterAll(async () => {
  await lab?.down();
});

describe.concurrent('Drover as a service', () => {
  test.for(inits)('of %s is there again after the loss of its process and of its machine', async (init, { expect }) => {
    const host = lab.host(init);
    const run = (...args: string[]) => host.exec([drover, ...args], { cwd: join(lab.sharedDir, init) });
    const mustRun = async (...args: string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await run(...args);
      if (exitCode !== 0) throw new Error(`drover ${args.join(' ')} ended with ${exitCode}: ${stdout}${stderr}`);
      return stdout;
    };
    const files = async (): Promise<string[]> => {
      const found = await Promise.all(
        seenBy[init].files.map(async (file) => ((await host.exec(['test', '-e', file])).exitCode === 0 ? [file] : [])),
      );
      return found.flat();
    };
    const untilItAnswers = () => expect.poll(() => stacksOf(run), { timeout: 30_000, interval: 200 }).toEqual(['box']);
    await mkdir(join(lab.sharedDir, init));
    await writeFile(join(lab.sharedDir, init, 'compose.yaml'), compose);

    expect((await run('service', 'status')).stdout).toMatch(/^Drover is no service here/);
    const other = await host.spawn([
      node,
      '-e',
      'require("node:http").createServer().listen(8420, "127.0.0.1", () => console.log("listens"))',
    ]);
    await once(other.stdout, 'data');
    const refused = await run('service', 'install');
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/does not answer/) });
    other.kill();
    await other.exit;
    expect(await mustRun('service', 'install')).toMatch(/^Drover is a service now/);
    expect(await files()).toEqual(seenBy[init].files);
    expect(await host.exec([...seenBy[init].isActive])).toMatchObject({ exitCode: 0 });
    const status = { init, installed: true, atBoot: true, running: true };
    expect(JSON.parse(await mustRun('service', 'status', '--json'))).toEqual(status);
    await mustRun('up');

    const first = await serverOf(host);
    await host.exec(['kill', '-KILL', first]);
    await untilItAnswers();
    expect(await serverOf(host)).not.toBe(first);

    await host.kill();
    await host.start();
    await untilItAnswers();
    expect(JSON.parse(await mustRun('service', 'status', '--json'))).toEqual(status);
    // The application came back with the engine; Drover finds it as it was declared.
    expect(await mustRun('plan')).toMatch(/nothing/i);

    expect(await mustRun('service', 'uninstall')).toMatch(/^Drover is no service any more/);
    expect(await files()).toEqual([]);
    expect((await host.exec([...seenBy[init].isActive])).exitCode).not.toBe(0);
    expect(await serverOf(host)).toBe('');
    expect((await host.exec(['docker', 'ps', '--format', '{{.Names}}'])).stdout).toBe('box-app-1\n');
    expect((await host.exec(['test', '-e', '/var/lib/drover/admin-token'])).exitCode).toBe(0);
    expect(JSON.parse((await run('service', 'status', '--json')).stdout)).toEqual({
      init,
      installed: false,
      atBoot: false,
      running: false,
    });
  });
});

const compose = `name: box
services:
  app:
    image: busybox:1.36
    command: ["sleep", "600"]
    restart: always
    stop_grace_period: 0s
`;

/** The names of the stacks, or what stands in the way of an answer. */
async function stacksOf(run: (...args: string[]) => Promise<{ exitCode: number; stdout: string; stderr: string }>) {
  const { exitCode, stdout, stderr } = await run('ls', '--json');
  return exitCode === 0 ? (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name) : stderr;
}

/** The process id of the server in a host, or nothing. */
async function serverOf(host: LabHost): Promise<string> {
  return (await host.exec(['pgrep', '-f', 'bootstrap/serve.mjs', '--oldest'])).stdout.trim();
}

/** This checkout under another path, as links to the same files: with its bundles, which hold for relative paths. */
async function installation(folder: string): Promise<string> {
  await mkdir(folder);
  const left = ['.git', 'docs', 'examples', 'test'];
  const parts = (await readdir(repository))
    .filter((name) => !left.includes(name))
    .map((name) => join(repository, name));
  const linked = await runProgram('cp', ['-al', ...parts, folder]);
  // Links cannot reach into another file system; there it takes a copy.
  const copied = linked.exitCode === 0 ? linked : await runProgram('cp', ['-a', ...parts, folder]);
  if (copied.exitCode !== 0) throw new Error(`copying the checkout: ${copied.stderr}`);
  return folder;
}
