import { setTimeout as sleep } from 'node:timers/promises';
import { SwarmStage } from '../../scenarios/swarm/swarm-stage.ts';
import type { BenchOptions } from '../options.ts';
import { say } from '../report.ts';
import { reportSeconds } from './report-seconds.ts';

/** Seconds from the sudden loss of a host, whose agent is connected, until the API calls it unreachable. */
export async function benchAgentLost(options: BenchOptions): Promise<void> {
  say('Starting three hosts with agents…');
  await using swarm = await SwarmStage.open({ engines: ['28', '28', '28'], images: ['busybox'] });
  const lost = swarm.lab.hosts.at(-1)!;
  const seconds: number[] = [];
  for (let round = 0; round < options.pairs; round += 1) {
    // The loss meets the rhythm of the pings anywhere.
    await sleep(2_000 + ((round * 737) % 2_000));
    const [after] = await Promise.all([swarm.untilHost(lost.name, 'unreachable'), swarm.lose(lost)]);
    const { problem } = (await swarm.hosts()).find(({ name }) => name === lost.name)!;
    say(`${round + 1}/${options.pairs}: unreachable after ${after.toFixed(1)} s: ${problem}`);
    seconds.push(after);
    await swarm.boot(lost);
    await swarm.untilHost(lost.name, 'ready');
  }
  reportSeconds('agent-lost-s', seconds, options);
}
