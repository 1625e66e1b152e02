import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../src/command.ts';
import { createLab, type EngineName, type Lab, type LabHost } from '../src/index.ts';
import { subnetOf } from '../src/subnet.ts';
import { leftoversOf } from './leftovers.ts';

const engines: readonly EngineName[] = ['28', '26', '20.10'];
const versions = new Map([
  ['28', '28.5.2'],
  ['26', '26.1.5'],
  ['20.10', '20.10.24'],
]);

describe('a lab with a host of every engine', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await createLab({ hosts: engines.map((engine) => ({ engine })) });
  });

  afterAll(async () => {
    const { index } = lab.record;
    await lab.down();
    expect(await leftoversOf(index)).toEqual([]);
  });

  const hostOf = (engine: EngineName): LabHost => lab.hosts.find((host) => host.engine === engine)!;
  const succeed = async (host: LabHost, ...args: string[]): Promise<string> => {
    const result = await host.exec(args);
    expect(result, args.join(' ')).toMatchObject({ exitCode: 0 });
    return result.stdout.trim();
  };

  it.each(engines)('engine %s answers over its socket and over TCP with the expected version', async (engine) => {
    const host = hostOf(engine);
    for (const dockerHost of [host.dockerHost, host.tcpDockerHost]) {
      const asked = await runCommand(lab.oracle.dockerPath, ['version', '--format', '{{.Server.Version}}'], {
        env: { DOCKER_HOST: dockerHost },
      });
      expect(asked.stdout).toContain(versions.get(engine));
    }
  });

  it.each(engines)('engine %s pulls public names from the mirror and serves a published port', async (engine) => {
    const host = hostOf(engine);
    await succeed(host, 'docker', 'run', '--detach', '--name=web', '--publish=8080:80', 'nginx:1.25');
    await expect.poll(() => pageOf(host, 8080), { timeout: 10_000 }).toContain('nginx 1.25.5');
    await succeed(host, 'docker', 'rm', '--force', 'web');
  });

  it.each(engines)('engine %s has a docker compose, and the oracle works on it from outside', async (engine) => {
    const host = hostOf(engine);
    const file = join(lab.sharedDir, `compose-${host.name}.yaml`);
    await writeFile(join(lab.sharedDir, 'page.txt'), 'shared\n');
    await writeFile(file, 'services: { one: { image: busybox, command: cat /page, volumes: ["./page.txt:/page"] } }\n');
    const inside = await succeed(host, 'docker', 'compose', '--file', file, '--project-name=in', 'up', '--no-color');
    expect(inside).toMatch(/one-1\s*\| shared/);
    await succeed(host, 'docker', 'compose', '--file', file, '--project-name=in', 'down');
    const { composePath } = lab.oracle;
    const env = { DOCKER_HOST: host.dockerHost, HOME: lab.sharedDir, PATH: '/usr/bin:/bin' };
    const outside = await runCommand(composePath, ['-f', file, '-p', 'out', 'up', '--no-color'], { env });
    expect(outside, outside.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\| shared/) });
    await runCommand(composePath, ['-f', file, '-p', 'out', 'down'], { env });
  });

  it('runs the images as their public ones behave', async () => {
    const host = hostOf('28');
    await succeed(host, 'docker', 'network', 'create', 'images');
    const start = (name: string, ...args: string[]) =>
      succeed(host, 'docker', 'run', '--detach', `--name=${name}`, '--network=images', ...args);
    await start('redis', 'redis:7');
    await start('postgres', '--env=POSTGRES_PASSWORD=secret', '--env=POSTGRES_DB=app', 'postgres:16');
    await start('caddy', 'caddy:2');
    await start('echo', 'echo:v1');
    const inside = async (...args: string[]) => (await host.exec(['docker', 'exec', ...args])).stdout.trim();
    await expect.poll(() => inside('redis', 'redis-cli', '-h', 'redis', 'ping'), { timeout: 10_000 }).toBe('PONG');
    const query = ['psql', '-h', 'postgres', '-U', 'postgres', '-d', 'app', '-tAc', 'select 41 + 1'];
    const ask = () => inside('--env=PGPASSWORD=secret', 'postgres', ...query);
    await expect.poll(ask, { timeout: 20_000 }).toBe('42');
    expect(await inside('redis', 'wget', '-qO-', 'http://caddy/')).toContain('Caddy works');
    expect(JSON.parse(await inside('redis', 'wget', '-qO-', 'http://echo:8080/x'))).toMatchObject({
      version: 'v1',
      path: '/x',
    });
    expect(await inside('postgres', 'id', '-un')).toBe('root');
    expect(await succeed(host, 'docker', 'top', 'postgres', '-o', 'user,pid')).not.toContain('root');
    const refused = await host.exec(['docker', 'run', '--rm', 'postgres:16']);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('POSTGRES_PASSWORD') });
    expect(
      await succeed(host, 'docker', 'run', '--rm', 'debian:bookworm', 'bash', '-c', '. /etc/os-release; echo $ID'),
    ).toBe('debian');
    await succeed(host, 'docker', 'rm', '--force', '--volumes', 'redis', 'postgres', 'caddy', 'echo');
  });

  it('makes the echo server unhealthy, slow, noisy and mortal', async () => {
    const host = hostOf('28');
    await succeed(
      host,
      'docker',
      'run',
      '--detach',
      '--name=echo',
      '--publish=8081:8080',
      '--env=ECHO_LOG_LINES=3',
      'echo:healthy',
    );
    const health = () => succeed(host, 'docker', 'inspect', '--format={{.State.Health.Status}}', 'echo');
    await expect.poll(health, { timeout: 10_000 }).toBe('healthy');
    await pageOf(host, 8081, '/unhealthy');
    await expect.poll(health, { timeout: 15_000 }).toBe('unhealthy');
    const before = Date.now();
    await pageOf(host, 8081, '/?delay=0.3');
    expect(Date.now() - before).toBeGreaterThanOrEqual(290);
    await pageOf(host, 8081, '/exit?code=7');
    expect(await succeed(host, 'docker', 'wait', 'echo')).toBe('7');
    expect(await succeed(host, 'docker', 'logs', 'echo')).toMatch(/^line 1\nline 2\nline 3\n/);
    await succeed(host, 'docker', 'rm', 'echo');
  });

  it('keeps what is on the disk of a host that is lost and comes back', async () => {
    const host = hostOf('20.10');
    await succeed(
      host,
      'docker',
      'run',
      '--detach',
      '--name=kept',
      '--restart=always',
      '--volume=data:/data',
      'redis:7',
    );
    await host.kill();
    expect(await host.isRunning()).toBe(false);
    await expect(fetch(`http://${host.address}:2375/_ping`)).rejects.toThrow();
    await expect(host.exec(['true'])).rejects.toThrow('the host is down');
    await host.start();
    expect(await succeed(host, 'docker', 'volume', 'ls', '--quiet')).toContain('data');
    const running = () => succeed(host, 'docker', 'ps', '--quiet', '--filter=name=kept');
    await expect.poll(running, { timeout: 10_000 }).not.toBe('');
    await succeed(host, 'docker', 'rm', '--force', 'kept');
  });

  it('restarts an engine alone', async () => {
    const host = hostOf('26');
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await host.stopEngine(signal);
      expect((await host.exec(['docker', 'ps'])).exitCode).not.toBe(0);
      await host.startEngine();
      await succeed(host, 'docker', 'ps');
    }
  });

  it('cuts a host off from the machine and from the other hosts, and heals it', async () => {
    const host = hostOf('28');
    const ping = async () => (await hostOf('26').exec(['curl', '-sm', '2', `http://${host.name}:2375/_ping`])).stdout;
    expect(await ping()).toBe('OK');
    await host.cut();
    expect(await ping()).toBe('');
    const asked = fetch(`http://${host.address}:2375/_ping`, { signal: AbortSignal.timeout(1000) });
    await expect(asked).rejects.toThrow();
    await succeed(host, 'docker', 'ps');
    await host.heal();
    await expect.poll(ping, { timeout: 5000 }).toBe('OK');
  });

  it('hears nothing of a host that is cut off, whichever it is', async () => {
    const bridge = subnetOf(lab.record.index).bridgeAddress;
    const heard: string[] = [];
    const socket = createSocket('udp4', (message) => heard.push(message.toString().trim()));
    socket.bind(0, bridge);
    await once(socket, 'listening');
    try {
      for (const host of lab.hosts) {
        const send = (word: string) =>
          host.exec(['bash', '-c', `echo ${word} > /dev/udp/${bridge}/${socket.address().port}`]);
        await send(`${host.name}-before`);
        await expect.poll(() => heard, { timeout: 5000 }).toContain(`${host.name}-before`);
        await host.cut();
        await send(`${host.name}-cut`);
        await setTimeout(200);
        await host.heal();
        await send(`${host.name}-healed`);
        await expect.poll(() => heard, { timeout: 5000 }).toContain(`${host.name}-healed`);
      }
      expect(heard.filter((word) => word.endsWith('-cut'))).toEqual([]);
    } finally {
      socket.close();
    }
  });

  it('lets nothing out of the machine', async () => {
    // Refused for want of a route, not after a time without an answer (which would be 28).
    expect((await hostOf('28').exec(['curl', '-sS', '--max-time', '60', 'http://192.0.2.1/'])).exitCode).toBe(7);
  });

  it.each(engines)(
    'a container on engine %s hears of an unknown name that there is none, and knows the hosts',
    async (engine) => {
      const host = hostOf(engine);
      await succeed(host, 'docker', 'network', 'create', 'names');
      for (const network of ['bridge', 'names']) {
        const lookUp = (name: string) =>
          host.exec(['docker', 'run', '--rm', `--network=${network}`, 'busybox', 'nslookup', name]);
        expect((await lookUp('name.example')).stdout).toContain('NXDOMAIN');
        expect((await lookUp('n2')).stdout).toContain(lab.host('n2').address);
      }
    },
  );

  it('runs programs with their arguments as they are, in a folder, with input and variables, until aborted', async () => {
    const host = hostOf('28');
    expect(await succeed(host, 'printf', '%s|', '$(id)', 'a b', '', ';reboot')).toBe('$(id)|a b||;reboot|');
    const result = await host.exec(['sh', '-c', 'pwd; cat; echo $A >&2; exit 9'], {
      cwd: '/etc',
      env: { A: '1' },
      stdin: 'in',
    });
    expect(result).toEqual({ exitCode: 9, stdout: '/etc\nin', stderr: '1\n' });
    const marker = '86399.5';
    const aborted = host.exec(['sleep', marker], { signal: AbortSignal.timeout(200) });
    await expect(aborted).rejects.toThrow();
    await expect.poll(async () => (await host.exec(['pgrep', '-f', `sleep ${marker}`])).stdout).toBe('');
  });

  it('gives the machine and every host one folder', async () => {
    for (const host of lab.hosts) await succeed(host, 'sh', '-c', `echo ${host.name} >${lab.sharedDir}/${host.name}`);
    for (const host of lab.hosts) expect(await readFile(join(lab.sharedDir, host.name), 'utf8')).toBe(`${host.name}\n`);
  });

  it('takes pushed images', async () => {
    const host = hostOf('28');
    const name = `${lab.registryAddress}/library/own`;
    await succeed(host, 'docker', 'pull', 'busybox');
    await succeed(host, 'docker', 'tag', 'busybox', name);
    await succeed(host, 'docker', 'push', name);
    await succeed(hostOf('20.10'), 'docker', 'pull', 'own');
  });
});

async function pageOf(host: LabHost, port: number, path = '/'): Promise<string> {
  const answer = await fetch(`http://${host.address}:${port}${path}`, { signal: AbortSignal.timeout(5000) }).catch(
    () => undefined,
  );
  return (await answer?.text()) ?? '';
}
