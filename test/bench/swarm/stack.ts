import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram } from '../../scenarios/stage/program.ts';
import { inHost, SwarmStage } from '../../scenarios/swarm/swarm-stage.ts';
import type { BenchOptions } from '../options.ts';
import { ratioOf, report, say } from '../report.ts';

const stack = 'bench';
const services = 20;
const replicas = 2;
const lookMs = 50;
const giveUpMs = 120_000;

/** Makes the stack of a file and ends once all its tasks run. */
type Contender = { readonly name: string; readonly up: () => Promise<void> };

/**
 * The same stack on the same Swarm of three hosts, by Drover (command, server, agents) and by `docker stack deploy`, in turn and
 * in alternating order, from the command's start until all tasks run. What a contender made is gone before the next one begins.
 */
export async function benchStack({ pairs }: BenchOptions): Promise<void> {
  say('Starting three hosts with agents…');
  await using swarm = await SwarmStage.open({ engines: ['28', '28', '28'], images: ['busybox'] });
  const folder = join(swarm.lab.sharedDir, stack);
  await mkdir(folder);
  const file = join(folder, 'compose.yaml');
  await writeFile(file, await stackFile(swarm));
  const contenders = [droverContender(swarm, file), dockerContender(swarm, file)];
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  // The first turn of each is not measured: images are fetched, and caches are cold.
  for (let turn = -1; turn < pairs; turn += 1) {
    for (const contender of turn % 2 === 0 ? contenders : contenders.toReversed()) {
      const began = performance.now();
      await contender.up();
      const ms = performance.now() - began;
      if (turn >= 0) times.get(contender.name)!.push(ms);
      say(`${turn + 1}/${pairs} ${contender.name}: ${(ms / 1000).toFixed(2)} s`);
      await removeAll(swarm);
    }
  }
  const figure = ratioOf(times.get('drover')!, times.get('docker')!);
  report({ bench: 'swarm', case: 'stack-20', unit: 'ratio', better: 'lower', ...figure });
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
      await swarm.drover(['-p', stack, '-f', file, 'up']);
      const running = await runningTasks(swarm);
      if (running !== services * replicas) throw new Error(`drover says that it is deployed, but ${running} tasks run`);
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
      const { exitCode, output } = await runProgram(oracle.dockerPath, args, { env });
      if (exitCode !== 0) throw new Error(`docker stack deploy ended with ${exitCode}: ${output}`);
      await allRunning(swarm);
    },
  };
}

/**
 * Looks less often while many are yet to run, since each look costs the engines what they need to start tasks. Drover itself looks less
 * often still (`StackWatch`, which rests up to a second).
 */
async function allRunning(swarm: SwarmStage): Promise<void> {
  const deadline = performance.now() + giveUpMs;
  for (;;) {
    const left = services * replicas - (await runningTasks(swarm));
    if (left === 0) return;
    if (performance.now() > deadline) throw new Error(`all tasks run: not so within ${giveUpMs / 1000} s`);
    await sleep(Math.min(300, Math.max(lookMs, 10 * left)));
  }
}

async function runningTasks(swarm: SwarmStage): Promise<number> {
  const filters = encodeURIComponent(
    JSON.stringify({ label: [`com.docker.stack.namespace=${stack}`], 'desired-state': ['running'] }),
  );
  const tasks = await swarm.engine('n1').json<{ Status: { State: string } }[]>('GET', `/tasks?filters=${filters}`);
  return tasks.filter(({ Status }) => Status.State === 'running').length;
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
