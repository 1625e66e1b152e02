import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerPage, CreatedTokenView, HostView } from '@drover/contract';
import { DroverServer } from '../../scenarios/stage/drover-server.ts';
import { residentMb } from '../../scenarios/stage/resident-memory.ts';
import type { BenchOptions } from '../options.ts';
import { type Figure, median, report, say } from '../report.ts';
import { measureEvents } from './events.ts';
import { FleetClient, readAuthority } from './fleet-client.ts';
import { FleetProcess } from './fleet-process.ts';
import { percentile } from './percentile.ts';
import { processorSeconds } from './processor-time.ts';

const hosts = 1000;
const containersPerHost = 30;
const environment = 'fleet';
const joinLimitMs = 300_000;
const settleMs = 20_000;
const idleHosts = 50;
const idleMs = 30_000;
/** Requests that warm the server up and do not count, and those that do, one after the other. */
const page = { warmUp: 100, counted: 2000 };
const list = { warmUp: 20, counted: 300 };
/** What clients of the page ask for, in turn: each a filter and a sort. */
const pages = [
  'state=running&sort=name&limit=100',
  'search=web&sort=host&descending=true&limit=100',
  'service=api&sort=created&descending=true&limit=100',
  'search=app-1&sort=stack&limit=100',
];

/** A thousand simulated hosts behind one server: joining, looking at what runs, hearing of changes, memory. */
export async function benchFleet(options: BenchOptions): Promise<void> {
  const wanted = (name: string) => options.only.length === 0 || options.only.includes(name);
  if (wanted('idle-50-cpu')) await withFleet(idleHosts, (fleet) => measureIdle(fleet));
  const others = ['join-1000-s', 'page-p99-ms', 'list-p99-ms', 'event-p99-ms', 'rss-mb'];
  if (!others.some(wanted)) return;
  await withFleet(hosts, async (fleet, joinedS) => {
    if (wanted('join-1000-s')) reportOne('join-1000-s', 's', [joinedS]);
    say(`  settling for ${settleMs / 1000} s`);
    await sleep(settleMs);
    if (wanted('page-p99-ms')) await measurePages(fleet);
    if (wanted('list-p99-ms')) await measureLists(fleet);
    if (wanted('event-p99-ms')) await measureEventsOf(fleet);
    if (wanted('rss-mb')) reportOne('rss-mb', 'MB', fleet.memory);
  });
}

interface Fleet {
  readonly server: DroverServer;
  readonly simulator: FleetProcess;
  readonly client: FleetClient;
  /** Megabytes of the server, looked at every second since its start; the largest counts. */
  readonly memory: number[];
}

/** Starts a server and the hosts, and calls back once all are there with all their containers. */
async function withFleet(count: number, work: (fleet: Fleet, joinedS: number) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-fleet-'));
  const env = { DROVER_AGENT_LISTEN: '127.0.0.1:0', DROVER_LOG_FILE: process.env.DROVER_BENCH_LOG };
  const dockerHost = `unix://${join(folder, 'no-engine.sock')}`;
  const server = new DroverServer({ dataDir: join(folder, 'data'), dockerHost, env });
  const simulator = new FleetProcess();
  await server.start();
  const client = await FleetClient.of(server);
  const memory: number[] = [];
  const watching = setInterval(
    () =>
      residentMb(server.pid)
        .then((mb) => memory.push(mb))
        .catch(() => {}),
    1000,
  );
  try {
    const fleet = { server, simulator, client, memory };
    await work(fleet, await joinAll(fleet, count));
  } finally {
    clearInterval(watching);
    client.close();
    await simulator.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Seconds from the first join until every host is ready and every container known. */
async function joinAll({ server, simulator, client }: Fleet, count: number): Promise<number> {
  await client.json('POST', '/api/environments', { name: environment, kind: 'swarm' });
  const { token, command } = await client.json<CreatedTokenView>('POST', '/api/host-tokens', {
    environment,
    uses: count,
  });
  const [url = ''] = /https:\/\/\S+(?=\/install)/.exec(command) ?? [];
  const authority = await readAuthority(url);
  const { hostname: host, port } = new URL(url);
  say(`Joining ${count} hosts with ${count * containersPerHost} containers (${loadWords()})…`);
  const began = simulator.told('joining');
  simulator.order({
    type: 'join',
    server: { host, port: Number(port) },
    authority,
    token,
    hosts: count,
    containers: containersPerHost,
  });
  const { at } = await began;
  const spent = [await processorSeconds(server.pid), await processorSeconds(simulator.pid)] as const;
  for (;;) {
    const seconds = (performance.timeOrigin + performance.now() - at) / 1000;
    const { total } = await client.json<ContainerPage>('GET', `${path('container-page')}?limit=1`);
    if (total === count * containersPerHost) {
      const all = await client.json<HostView[]>('GET', `/api/hosts?environment=${environment}`);
      if (all.filter(({ state, facts }) => state === 'ready' && facts !== undefined).length === count) {
        const [serverS, simulatorS] = [await processorSeconds(server.pid), await processorSeconds(simulator.pid)];
        say(
          `  ${seconds.toFixed(1)} s; processor: server ${(serverS - spent[0]).toFixed(1)} s, hosts ${(simulatorS - spent[1]).toFixed(1)} s`,
        );
        return seconds;
      }
    }
    if (seconds * 1000 > joinLimitMs)
      throw new Error(`joining: after ${seconds.toFixed(0)} s there are ${total} containers`);
    await sleep(200);
  }
}

async function measurePages(fleet: Fleet): Promise<void> {
  const times = await timeRequests(page, async (nth) => {
    const answer = await fleet.client.text('GET', `${path('container-page')}?${pages[nth % pages.length]}`);
    const { containers } = JSON.parse(answer) as ContainerPage;
    if (containers.length !== 100) throw new Error(`a page holds ${containers.length} containers`);
  });
  reportTail('page-p99-ms', times);
}

async function measureLists(fleet: Fleet): Promise<void> {
  const times = await timeRequests(list, async () => {
    const text = await fleet.client.text('GET', path('container-list'));
    if (text.length < hosts * containersPerHost * 100) throw new Error('the list is too short');
  });
  reportTail('list-p99-ms', times);
}

async function measureEventsOf(fleet: Fleet): Promise<void> {
  const before = await processorSeconds(fleet.server.pid);
  const began = performance.now();
  const { latencies, ended, missing, resyncs } = await measureEvents(fleet.simulator, fleet.client, path('events'));
  const busy = ((await processorSeconds(fleet.server.pid)) - before) / ((performance.now() - began) / 1000);
  say(
    `  ${ended} events, ${missing} missing, ${resyncs} resyncs; the server took ${(busy * 100).toFixed(0)} % of a core`,
  );
  if (missing > 0) throw new Error(`${missing} events did not come`);
  reportTail('event-p99-ms', latencies);
  const { total } = await fleet.client.json<ContainerPage>('GET', `${path('container-page')}?state=exited&limit=1`);
  if (total !== ended) throw new Error(`${total} containers are shown as ended, of ${ended}`);
}

async function measureIdle({ server, simulator }: Fleet): Promise<void> {
  await sleep(settleMs);
  const [began, spent, simulated] = [
    performance.now(),
    await processorSeconds(server.pid),
    await processorSeconds(simulator.pid),
  ];
  await sleep(idleMs);
  const percent = (seconds: number) => (seconds / ((performance.now() - began) / 1000)) * 100;
  const own = percent((await processorSeconds(server.pid)) - spent);
  say(
    `  ${idleHosts} idle hosts: server ${own.toFixed(2)} %, hosts ${percent((await processorSeconds(simulator.pid)) - simulated).toFixed(2)} %`,
  );
  reportOne('idle-50-cpu', '%', [own]);
}

/** Milliseconds of each request to its answer's last byte, of those after the warm-up. */
async function timeRequests(
  { warmUp, counted }: { readonly warmUp: number; readonly counted: number },
  ask: (nth: number) => Promise<void>,
): Promise<number[]> {
  const times: number[] = [];
  for (let nth = -warmUp; nth < counted; nth += 1) {
    const began = performance.now();
    await ask(nth + warmUp);
    if (nth >= 0) times.push(performance.now() - began);
  }
  return times;
}

function reportTail(name: string, times: readonly number[]): void {
  const [p50, p90, p99] = [median(times), percentile(times, 0.9), percentile(times, 0.99)];
  const most = Math.max(...times);
  say(
    `  ${name}: median ${p50.toFixed(1)}, p90 ${p90.toFixed(1)}, p99 ${p99.toFixed(1)}, most ${most.toFixed(1)} (${loadWords()})`,
  );
  const spread = { min: Math.min(...times), max: most, runs: times.length };
  report({ bench: 'fleet', case: name, value: p99, unit: 'ms', better: 'lower', ...spread });
}

function reportOne(name: string, unit: Figure['unit'], values: readonly number[]): void {
  const spread = {
    value: Math.max(...values),
    min: Math.min(...values),
    max: Math.max(...values),
    runs: values.length,
  };
  report({ bench: 'fleet', case: name, unit, better: 'lower', ...spread });
}

function path(rest: string): string {
  return `/api/environments/${environment}/${rest}`;
}

function loadWords(): string {
  return `load of the machine ${loadavg()[0]?.toFixed(1)}`;
}
