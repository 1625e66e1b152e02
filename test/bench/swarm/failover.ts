import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine, dialerFor, type Engine, type TaskInspect } from '@drover/engine';
import { createLab, type Lab, type LabHost } from '@drover/lab';
import {
  type ClusterHost,
  type ClusterMemory,
  clusterDefaults,
  collectCluster,
  executeCluster,
  planCluster,
} from '@drover/orchestration';
import type { BenchOptions } from '../options.ts';
import { say } from '../report.ts';
import { reportSeconds } from './report-seconds.ts';

export const failoverCases = ['swarm-down-s', 'tasks-back-s'];

const hosts = 3;
const tasks = 6;
const lookMs = 50;
const giveUpMs = 60_000;

interface Times {
  readonly down: number;
  readonly back: number;
}

/**
 * Three hosts become a Swarm as Drover makes it, and one that manages, does not lead, and runs tasks is killed: the seconds until
 * the managers call it down (`swarm-down-s`), and until as many tasks as before run elsewhere (`tasks-back-s`), with the delay
 * that Swarm puts before a restart.
 */
export async function benchFailover(options: BenchOptions): Promise<void> {
  say('Starting three hosts…');
  await using lab = await createLab({
    hosts: Array.from({ length: hosts }, () => ({ engine: '28' })),
    images: ['busybox'],
  });
  const engines = lab.hosts.map(({ dockerHost }) => createEngine({ dialer: dialerFor(dockerHost) }));
  try {
    await makeSwarm(lab, engines);
    const image = await pinnedImage(lab);
    const times: Times[] = [];
    for (let round = 0; round < options.pairs; round += 1) {
      const time = await loseHost(lab, engines, image, round);
      say(
        `${round + 1}/${options.pairs}: down after ${time.down.toFixed(1)} s, tasks back after ${time.back.toFixed(1)} s`,
      );
      times.push(time);
    }
    reportSeconds(
      'swarm-down-s',
      times.map(({ down }) => down),
      options,
    );
    reportSeconds(
      'tasks-back-s',
      times.map(({ back }) => back),
      options,
    );
  } finally {
    for (const engine of engines) engine.close();
  }
}

async function makeSwarm(lab: Lab, engines: readonly Engine[]): Promise<void> {
  const members = lab.hosts.map(
    ({ name, address }, index): ClusterHost => ({
      id: name,
      name,
      address,
      engine: engines[index]!,
      reachable: true,
      labels: {},
      availability: 'active',
    }),
  );
  let memory: ClusterMemory | undefined;
  for (;;) {
    const collected = await collectCluster({ hosts: members, now: performance.now(), ...(memory ? { memory } : {}) });
    memory = collected.memory;
    const plan = planCluster(collected.observed, { managers: { mode: 'automatic' }, ...clusterDefaults });
    if (plan.steps.length === 0) return;
    const secrets = { load: async () => null, save: async () => {} };
    const parts = {
      engineOf: (id: string) => members.find((host) => host.id === id)?.engine,
      manager: engines[0]!,
      secrets,
    };
    const { failed } = await executeCluster(plan, parts);
    if (failed[0] !== undefined) throw new Error(failed[0].reason);
  }
}

/** With its digest, as Drover pins images: Swarm asks the registry for any other at every start of a task. */
async function pinnedImage(lab: Lab): Promise<string> {
  const digests = await Promise.all(
    lab.hosts.map(async (host) => {
      await host.exec(['docker', 'pull', '--quiet', 'busybox']);
      return (
        await host.exec(['docker', 'image', 'inspect', '--format', '{{index .RepoDigests 0}}', 'busybox'])
      ).stdout.trim();
    }),
  );
  return digests[0]!;
}

async function loseHost(lab: Lab, engines: readonly Engine[], image: string, round: number): Promise<Times> {
  const manager = engines[0]!;
  const lost = lab.hosts.at(-1)!;
  const { NodeID } = (await engines.at(-1)!.system.info()).Swarm;
  const { ID } = await manager.services.create({
    Name: 'lost',
    TaskTemplate: {
      ContainerSpec: { Image: image, Command: ['sh', '-c', 'trap exit TERM; while true; do sleep 0.2; done'] },
    },
    Mode: { Replicated: { Replicas: tasks } },
    EndpointSpec: { Mode: 'dnsrr' },
  });
  const elsewhere = async () => (await running(manager, ID)).filter((task) => task.NodeID !== NodeID).length;
  await until(async () => (await running(manager, ID)).length === tasks);
  // The loss meets the rhythm of the heartbeats anywhere.
  await sleep(4_000 + ((round * 737) % 2_000));
  const [down, back] = await lose(lost, [
    async () => (await manager.nodes.inspect(NodeID)).Status.State === 'down',
    async () => (await elsewhere()) >= tasks,
  ]);
  await lost.start();
  await manager.services.remove(ID);
  await until(async () => (await manager.nodes.inspect(NodeID)).Status.State === 'ready');
  return { down: down!, back: back! };
}

async function running(manager: Engine, service: string): Promise<readonly TaskInspect[]> {
  const list = await manager.tasks.list({ filters: { service: [service], 'desired-state': ['running'] } });
  return list.filter(({ Status }) => Status.State === 'running');
}

/** Seconds from the loss of a host to each of the states. */
async function lose(host: LabHost, states: readonly (() => Promise<boolean>)[]): Promise<readonly number[]> {
  const at = performance.now();
  await host.kill();
  return await Promise.all(
    states.map(async (holds) => {
      await until(holds);
      return (performance.now() - at) / 1000;
    }),
  );
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + giveUpMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`a state of the Swarm did not come about within ${giveUpMs} ms`);
    await sleep(lookMs);
  }
}
