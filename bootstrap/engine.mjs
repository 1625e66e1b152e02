// Finds a Docker Engine that answers, or installs and starts the distribution's own.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const defaultSocket = '/var/run/docker.sock';

/** Where the engine is looked for: DOCKER_HOST, or the usual socket. */
export function engineEndpoint() {
  return process.env.DOCKER_HOST || `unix://${defaultSocket}`;
}

/** Asks the engine's API, not the `docker` program: a client may be installed where no engine is. */
export function engineAnswers(endpoint = engineEndpoint()) {
  const url = new URL(endpoint);
  const target =
    url.protocol === 'unix:' ? { socketPath: url.pathname } : { host: url.hostname, port: url.port || 2375 };
  return new Promise((resolve) => {
    const ping = request({ ...target, path: '/_ping', timeout: 3000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on('timeout', () => ping.destroy());
    ping.on('error', () => resolve(false));
    ping.end();
  });
}

/** Makes sure that an engine answers; says in one sentence what to do where it cannot. */
export async function ensureEngine(say, dataDir) {
  const endpoint = engineEndpoint();
  const protocol = /^([a-z]+):\/\//.exec(endpoint)?.[1];
  if (protocol !== 'unix' && protocol !== 'tcp')
    throw new Error(`DOCKER_HOST=${endpoint} is neither unix:// nor tcp://.`);
  if (protocol === 'tcp' && process.env.DOCKER_TLS_VERIFY) return; // The server checks it with its certificates.
  if (await engineAnswers(endpoint)) return;
  if (process.env.DOCKER_HOST)
    throw new Error(
      `No Docker Engine answers at DOCKER_HOST=${endpoint}. Start it, or unset DOCKER_HOST to use this machine's own.`,
    );
  if (findProgram('dockerd') === undefined) installEngine(say);
  await startEngine(say, dataDir);
}

function installEngine(say) {
  const { id, like, name } = distribution();
  const debian = id === 'debian' || id === 'ubuntu' || like.includes('debian') || like.includes('ubuntu');
  if (!debian || findProgram('apt-get') === undefined) {
    throw new Error(
      `No Docker Engine is installed, and Drover installs one by itself only on Debian and Ubuntu (this is ${name}). Install Docker Engine 20.10 or newer with your package manager, start it, and run npm start again.`,
    );
  }
  if (process.getuid() !== 0) {
    throw new Error(
      'No Docker Engine is installed. Run as root: apt-get update && apt-get install docker.io. Then add yourself to the group docker, or run npm start as root.',
    );
  }
  say('Installing the Docker Engine of the distribution (docker.io)…');
  runQuietly('apt-get', ['update']);
  // From Debian 13 on the client is a package of its own; who runs an engine wants `docker` too.
  const client = spawnSync('apt-cache', ['show', 'docker-cli'], { stdio: 'ignore' }).status === 0 ? ['docker-cli'] : [];
  const packages = ['docker.io', ...client, 'iptables', 'ca-certificates'];
  runQuietly('apt-get', ['install', '-y', '--no-install-recommends', ...packages]);
  if (findProgram('dockerd') === undefined)
    throw new Error('apt-get installed docker.io, but there is still no dockerd.');
}

async function startEngine(say, dataDir) {
  if (process.getuid() !== 0)
    throw new Error(
      'The Docker Engine is installed but does not answer, and only root can start it: run as root `systemctl start docker` (or `dockerd`).',
    );
  say('Starting the Docker Engine…');
  let log;
  if (existsSync('/run/systemd/system')) {
    const started = spawnSync('systemctl', ['start', 'docker'], { encoding: 'utf8' });
    if (started.status !== 0)
      throw new Error(`systemctl start docker failed: ${(started.stderr || started.error?.message || '').trim()}`);
  } else {
    log = join(dataDir, 'dockerd.log');
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const output = openSync(log, 'a', 0o600);
    // Detached and with its own log: it outlives Drover, as an engine that an init system runs would.
    const engine = spawn(findProgram('dockerd'), [], { detached: true, stdio: ['ignore', output, output] });
    engine.on('error', () => undefined);
    engine.unref();
    closeSync(output);
  }
  for (const until = Date.now() + 60_000; Date.now() < until; await delay(200)) if (await engineAnswers()) return;
  const lines =
    log === undefined ? '' : ` Its last words: ${readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' | ')}`;
  throw new Error(`The Docker Engine was started but did not answer within 60 s.${lines}`);
}

/** The path of a program, looked for in PATH and where system programs lie. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder || '.', name)).find((path) => existsSync(path));
}

/** Runs a program and shows what it said only when it failed. */
export function runQuietly(program, args, options = {}) {
  const done = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    ...options,
  });
  if (done.error) throw new Error(`${program} could not be started: ${done.error.message}`);
  if (done.status !== 0)
    throw new Error(
      `${[program, ...args].join(' ')} ended with status ${done.status}:\n${`${done.stdout ?? ''}${done.stderr ?? ''}`.trim().split('\n').slice(-20).join('\n')}`,
    );
  return done.stdout;
}

function distribution() {
  let text = '';
  try {
    text = readFileSync('/etc/os-release', 'utf8');
  } catch {
    // No such file: an unknown distribution.
  }
  const field = (name) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), like: field('ID_LIKE').split(' '), name: field('PRETTY_NAME') || 'an unknown system' };
}
