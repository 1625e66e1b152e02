import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram } from '../../scenarios/stage/program.ts';
import { inHost, SwarmStage } from '../../scenarios/swarm/swarm-stage.ts';
import type { BenchOptions } from '../options.ts';
import { ratioOf, report, say, seconds } from '../report.ts';

const stack = 'bench';
const services = 20;
const replicas = 2;
const lookMs = 50;
/** Between looks at what the peer still starts; each costs the engines what they need to start tasks. */
const seldomMs = 1000;
const giveUpMs = 120_000;

interface Task {
  readonly Status: { readonly State: string; readonly Timestamp: string };
}

/** Makes the stack of a file, all of whose tasks run afterwards or soon; resolves with the milliseconds until its command ended. */
type Contender = { readonly name: string; readonly up: () => Promise<number> };

/**
 * The same stack on the same Swarm of three hosts, by Drover (command, server, agents) and by `docker stack deploy`, in turn and
 * in alternating order, from the command's start until all tasks run. What a contender made is gone before the next one begins.
 * When tasks ran is read from their own timestamps afterwards, so that no look costs either of them anything. Drover is done only
 * when its command has said so (`stack-20`); `stack-20-tasks` holds task against task.
 */
export async function benchStack({ pairs }: BenchOptions): Promise<void> {
  say('Starting three hosts with agents…');
  await using swarm = await SwarmStage.open({ engines: ['28', '28', '28'], images: ['busybox'] });
  const folder = join(swarm.lab.sharedDir, stack);
  await mkdir(folder);
  const file = join(folder, 'compose.yaml');
  await writeFile(file, await stackFile(swarm));
  const contenders = [droverContender(swarm, file), dockerContender(swarm, file)];
  const told = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  const ran = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  // The first turn of each is not measured: images are fetched, and caches are cold.
  for (let turn = -1; turn < pairs; turn += 1) {
    for (const contender of turn % 2 === 0 ? contenders : contenders.toReversed()) {
      const began = Date.now();
      const toldMs = await contender.up();
      const ranMs = (await lastTaskRan(swarm)) - began;
      say(
        `${turn + 1}/${pairs} ${contender.name}: its command ended after ${seconds(toldMs)}, its last task ran after ${seconds(ranMs)}`,
      );
      if (turn >= 0) {
        told.get(contender.name)!.push(toldMs);
        ran.get(contender.name)!.push(ranMs);
      }
      await removeAll(swarm);
    }
  }
  const figure = { bench: 'swarm', unit: 'ratio', better: 'lower' } as const;
  report({ ...figure, case: 'stack-20', ...ratioOf(told.get('drover')!, ran.get('docker')!) });
  report({ ...figure, case: 'stack-20-tasks', ...ratioOf(ran.get('drover')!, ran.get('docker')!) });
}

/** With the image's digest, so that neither asks a registry for it: `docker stack deploy` would ask the public one. */
async function stackFile(swarm: SwarmStage): Promise<string> {
  for (const host of swarm.lab.hosts) await inHost(host, 'docker pull --quiet busybox');
  const image = await inHost(swarm.lab.hosts[0]!, "docker image inspect --format '{{index .RepoDigests 0}}' busybox");
  const service = {
    image: image.trim(),
    command: ['sh', '-c', 'trap exit TERM; while true; do sleep 0.2; done'],
    deploy: { replicas, endpoint_mode: 'dnsrr' },
  };
  const names = Array.from({ length: services }, (_, index) => `s${index + 1}`);
  return JSON.stringify({ version: '3.9', services: Object.fromEntries(names.map((name) => [name, service])) });
}

function droverContender(swarm: SwarmStage, file: string): Contender {
  return {
    name: 'drover',
    up: async () => {
      const began = performance.now();
      await swarm.drover(['-p', stack, '-f', file, 'up']);
      const ms = performance.now() - began;
      const running = (await runningTasks(swarm)).length;
      if (running !== services * replicas) throw new Error(`drover says that it is deployed, but ${running} tasks run`);
      return ms;
    },
  };
}

function dockerContender(swarm: SwarmStage, file: string): Contender {
  const { oracle } = swarm.lab;
  const env = { DOCKER_HOST: swarm.lab.hosts[0]!.dockerHost, DOCKER_CONFIG: oracle.configFolder };
  const args = ['stack', 'deploy', '--detach=true', '--resolve-image', 'never', '-c', file, stack];
  return {
    name: 'docker',
    up: async () => {
      const began = performance.now();
      const { exitCode, output } = await runProgram(oracle.dockerPath, args, { env });
      if (exitCode !== 0) throw new Error(`docker stack deploy ended with ${exitCode}: ${output}`);
      return performance.now() - began;
    },
  };
}

/** When the last of all tasks began to run, by the host's own account; milliseconds since 1970. */
async function lastTaskRan(swarm: SwarmStage): Promise<number> {
  const deadline = performance.now() + giveUpMs;
  for (;;) {
    const running = await runningTasks(swarm);
    if (running.length === services * replicas)
      return Math.max(...running.map(({ Status }) => Date.parse(Status.Timestamp)));
    if (performance.now() > deadline) throw new Error(`all tasks run: not so within ${giveUpMs / 1000} s`);
    await sleep(seldomMs);
  }
}

async function runningTasks(swarm: SwarmStage): Promise<readonly Task[]> {
  const filters = encodeURIComponent(
    JSON.stringify({ label: [`com.docker.stack.namespace=${stack}`], 'desired-state': ['running'] }),
  );
  const tasks = await swarm.engine('n1').json<Task[]>('GET', `/tasks?filters=${filters}`);
  return tasks.filter(({ Status }) => Status.State === 'running');
}

/** Also forgets it in Drover, and waits until no host has a container of it. */
async function removeAll(swarm: SwarmStage): Promise<void> {
  const known = await swarm.stacks();
  if (known.some(({ name }) => name === stack)) await swarm.drover(['-p', stack, 'down']);
  const env = { DOCKER_HOST: swarm.lab.hosts[0]!.dockerHost, DOCKER_CONFIG: swarm.lab.oracle.configFolder };
  await runProgram(swarm.lab.oracle.dockerPath, ['stack', 'rm', stack], { env });
  const filters = encodeURIComponent(JSON.stringify({ label: [`com.docker.stack.namespace=${stack}`] }));
  await until('nothing of the stack is left', async () => {
    const left = await Promise.all(
      swarm.lab.hosts.map(({ name }) =>
        swarm.engine(name).json<[]>('GET', `/containers/json?all=1&filters=${filters}`),
      ),
    );
    return left.flat().length === 0 && (await swarm.standing(stack)).length === 0;
  });
  // What the hosts still tidy up must not be the next one's load.
  await sleep(2_000);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + giveUpMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not so within ${giveUpMs / 1000} s`);
    await sleep(lookMs);
  }
}
