import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Dialer, type Engine, unixDialer } from '@drover/engine';
import { createLab, type Lab } from '@drover/lab';
import { TestListener } from '../../../apps/agent/test/test-listener.ts';
import { pinnedNode, repository } from '../../scenarios/stage/repository.ts';
import type { BenchOptions } from '../options.ts';
import { median, ratioOf, report, say } from '../report.ts';
import { type AgentProcess, startAgent } from './agent-process.ts';
import { TwoMachines } from './two-machines.ts';

export const tunnelCases = [
  'tunnel-rps',
  'tunnel-bulk',
  'tunnel-rps-shared',
  'tunnel-bulk-shared',
  'tunnel-p50-ms',
  'tunnel-50ms-mbs',
];

/** How many calls are under way at once, as in a deployment. */
const parallel = 16;
const requestMs = 2000;
const calls = 400;
const bulkMegabytes = 256;
const delayMs = 25;

type Way = 'tunnel' | 'socket';

/** What is done before each turn of one of the two. */
type BeforeTurn = (way: Way) => Promise<void>;

interface Site {
  readonly container: string;
  /** The engine by its socket, and through an agent. */
  readonly direct: Engine;
  readonly tunnelled: Engine;
}

/** One engine by its own socket and through the tunnel of a real agent process, in turn, in alternating order. */
export async function benchTunnel(options: BenchOptions, wanted: (name: string) => boolean): Promise<void> {
  say('Starting the lab…');
  await using lab = await createLab({ hosts: [{ engine: '28' }], images: ['busybox'] });
  await using listener = await TestListener.start();
  const folder = await mkdtemp(join(tmpdir(), 'drover-bench-'));
  const host = lab.hosts[0]!;
  const container = await prepareContainer(lab);
  const near = await startAgent(listener, { dataDir: join(folder, 'near'), dockerHost: host.dockerHost });
  try {
    const site = { container, direct: engineOf(unixDialer(host.socketPath)), tunnelled: engineOf(near.tunnel.dialer) };
    if (wanted('tunnel-p50-ms')) await benchLatency(site, options.pairs);
    if (wanted('tunnel-50ms-mbs')) await benchFar(listener, host.dockerHost, folder, container, options.pairs);
    if (wanted('tunnel-rps-shared')) await benchRequests('tunnel-rps-shared', site, options.pairs);
    if (wanted('tunnel-bulk-shared')) await benchBulk('tunnel-bulk-shared', site, options.pairs);
    if (wanted('tunnel-rps') || wanted('tunnel-bulk')) {
      const machines = await TwoMachines.part(host, near.pid);
      const place = (way: Way) => machines.readAt(way === 'socket' ? 'host' : 'server');
      if (wanted('tunnel-rps')) await benchRequests('tunnel-rps', site, options.pairs, place);
      if (wanted('tunnel-bulk')) await benchBulk('tunnel-bulk', site, options.pairs, place);
    }
    site.direct.close();
    site.tunnelled.close();
  } finally {
    await near.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchRequests(name: string, site: Site, pairs: number, before?: BeforeTurn): Promise<void> {
  const turn = async (engine: Engine) => {
    let done = 0;
    const end = performance.now() + requestMs;
    const one = async () => {
      while (performance.now() < end) {
        await engine.containers.inspect(site.container);
        done += 1;
      }
    };
    await Promise.all(Array.from({ length: parallel }, one));
    return done / (requestMs / 1000);
  };
  const { ours, theirs } = await takeTurns(site, pairs, 'requests a second', turn, before);
  report({ bench: 'swarm', case: name, unit: 'ratio', better: 'higher', ...ratioOf(ours, theirs) });
}

async function benchLatency(site: Site, pairs: number): Promise<void> {
  const { ours, theirs } = await takeTurns(site, pairs, 'ms of the median call', async (engine) => {
    const times: number[] = [];
    for (let call = 0; call < calls; call += 1) {
      const started = performance.now();
      await engine.containers.inspect(site.container);
      times.push(performance.now() - started);
    }
    return median(times);
  });
  const added = ours.map((time, index) => time - theirs[index]!);
  report({ bench: 'swarm', case: 'tunnel-p50-ms', unit: 'ms', better: 'lower', ...spreadOf(added) });
}

async function benchBulk(name: string, site: Site, pairs: number, before?: BeforeTurn): Promise<void> {
  const { ours, theirs } = await takeTurns(site, pairs, 'MB/s', (engine) => readBulk(engine, site.container), before);
  report({ bench: 'swarm', case: name, unit: 'ratio', better: 'higher', ...ratioOf(ours, theirs) });
}

/** Through a line with a round trip of 50 ms; the proxy is a process of its own. */
async function benchFar(
  listener: TestListener,
  dockerHost: string,
  folder: string,
  container: string,
  pairs: number,
): Promise<void> {
  const script = join(repository, 'test', 'bench', 'swarm', 'delay-proxy.ts');
  const args = ['--disable-warning=ExperimentalWarning', script, String(listener.port), String(delayMs)];
  const proxy = spawn(pinnedNode, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let far: AgentProcess | undefined;
  try {
    const [port] = await once(proxy.stdout, 'data');
    far = await startAgent(listener, { dataDir: join(folder, 'far'), dockerHost, port: Number(String(port)) });
    const engine = engineOf(far.tunnel.dialer);
    const speeds: number[] = [];
    for (let round = 0; round <= pairs; round += 1) {
      const speed = await readBulk(engine, container);
      say(`  at a round trip of ${2 * delayMs} ms: ${speed.toFixed(0)} MB/s`);
      if (round > 0) speeds.push(speed);
    }
    engine.close();
    report({ bench: 'swarm', case: 'tunnel-50ms-mbs', unit: 'MB/s', better: 'higher', ...spreadOf(speeds) });
  } finally {
    await far?.stop();
    proxy.kill();
  }
}

/** Megabytes a second of a large file out of a container. */
async function readBulk(engine: Engine, container: string): Promise<number> {
  const started = performance.now();
  const { archive } = await engine.containers.getArchive(container, '/big');
  let bytes = 0;
  for await (const part of archive) bytes += (part as Buffer).length;
  return bytes / 1e6 / ((performance.now() - started) / 1000);
}

/** One round that is not measured, then `pairs` rounds in which each has its turn; who goes first alternates. */
async function takeTurns(
  site: Site,
  pairs: number,
  what: string,
  turn: (engine: Engine) => Promise<number>,
  before?: BeforeTurn,
): Promise<{ readonly ours: readonly number[]; readonly theirs: readonly number[] }> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= pairs; round += 1) {
    const measured = { tunnel: 0, socket: 0 };
    for (const way of round % 2 === 0 ? (['tunnel', 'socket'] as const) : (['socket', 'tunnel'] as const)) {
      await before?.(way);
      measured[way] = await turn(way === 'tunnel' ? site.tunnelled : site.direct);
    }
    say(`  ${what}: tunnel ${measured.tunnel.toFixed(2)}, socket ${measured.socket.toFixed(2)}`);
    if (round === 0) continue;
    ours.push(measured.tunnel);
    theirs.push(measured.socket);
  }
  return { ours, theirs };
}

async function prepareContainer(lab: Lab): Promise<string> {
  const fill = `dd if=/dev/zero of=/big bs=1M count=${bulkMegabytes} && echo full && sleep 100000`;
  const host = lab.hosts[0]!;
  const ran = await host.exec(['docker', 'run', '--detach', 'busybox:1.36', 'sh', '-c', fill]);
  const container = ran.stdout.trim();
  if (ran.exitCode !== 0) throw new Error(`starting the container: ${ran.stderr}`);
  const engine = engineOf(unixDialer(host.socketPath));
  for await (const { data } of engine.containers.logs(container, { follow: true }))
    if (Buffer.from(data).includes('full')) break;
  engine.close();
  return container;
}

function engineOf(dialer: Dialer): Engine {
  return createEngine({ dialer });
}

function spreadOf(values: readonly number[]) {
  return { value: median(values), min: Math.min(...values), max: Math.max(...values), runs: values.length };
}
