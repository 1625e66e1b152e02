import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Stage } from '../stage/stage.ts';

/** Deploys `rounds` times, kills the server at a random moment of each, and demands that it comes back truthful. */
export async function playKills(stage: Stage, rounds: number): Promise<void> {
  const first = await stage.mustDrover(['up']);
  let duration = first.ms;
  for (let round = 1; round <= rounds; round += 1) {
    await stage.edit('compose.yaml', `ROUND: "${round - 1}"`, `ROUND: "${round}"`);
    const after = Math.round(Math.random() * duration);
    const where = `${stage.host.engine}, round ${round}, killed after ${after} ms`;
    const running = stage.startDrover(['up']);
    await sleep(after);
    await stage.server.kill();
    running.signal('SIGKILL');
    await running.result;

    await stage.server.start();
    const ended = await lastDeployment(stage, where);
    expect(['succeeded', 'failed', 'cancelled'], where).toContain(ended.state);
    if (ended.state !== 'succeeded') {
      expect(ended.failure?.message, where).toMatch(/\w/);
      expect(ended.servingRevision, where).toBeTypeOf('number');
    }
    await demandWhole(stage, undefined, where);

    const next = await stage.mustDrover(['up']);
    if (next.ms > 1000) duration = next.ms;
    await stage.mustDrover(['plan'], 0);
    await demandWhole(stage, round, where);
  }
}

interface Deployment {
  readonly state: string;
  readonly servingRevision?: number;
  readonly failure?: { readonly message: string };
}

/** The newest deployment once it has ended. */
async function lastDeployment(stage: Stage, where: string): Promise<Deployment> {
  for (const deadline = Date.now() + 90_000; Date.now() < deadline; await sleep(100)) {
    const [newest] = await stage.server.get<Deployment[]>('/stacks/crash/deployments?limit=1');
    if (newest === undefined) throw new Error(`${where}: there is no deployment`);
    if (newest.state !== 'planned' && newest.state !== 'running') return newest;
  }
  throw new Error(`${where}: the deployment neither goes on nor ends`);
}

/** Exactly the wanted containers under their final names, all running, of one round where it is given. */
async function demandWhole(stage: Stage, round: number | undefined, where: string): Promise<void> {
  const containers = await stage.engine.containers('crash');
  expect(
    containers.map((each) => each.name),
    where,
  ).toEqual(['crash-base-1', 'crash-left-1', 'crash-left-2', 'crash-right-1', 'crash-top-1']);
  for (const each of containers) expect([each.name, each.state], where).toEqual([each.name, 'running']);
  const rounds = new Set(containers.map((each) => each.env.find((value) => value.startsWith('ROUND='))));
  expect([...rounds], where).toEqual(round === undefined ? [expect.any(String)] : [`ROUND=${round}`]);
}
