import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { residentMb } from './stage/resident-memory.ts';
import { everyEngine, scenarioLab } from './stage/scenario.ts';

const { scenario } = scenarioLab(everyEngine, ['busybox', 'echo']);

const deploys = 300;
/** Deploys after which the server has everything in memory that it keeps. */
const warm = 50;
const outageMs = 180_000;

scenario(
  `${deploys} deploys in a row leave nothing over and no memory held`,
  { files: 'crash', timeoutMs: 7_200_000 },
  async (stage) => {
    await stage.mustDrover(['up']);
    const whole = await stage.engine.everything();
    let warmMb = 0;
    for (let round = 1; round <= deploys; round += 1) {
      await stage.edit('compose.yaml', `ROUND: "${round - 1}"`, `ROUND: "${round}"`);
      await stage.mustDrover(['up']);
      if (round === warm) warmMb = await residentMb(stage.server.pid);
    }
    const names = (list: readonly string[]) => list.map((each) => each.split(' ', 2).join(' '));
    expect(names(await stage.engine.everything())).toEqual(names(whole));
    expect(await residentMb(stage.server.pid)).toBeLessThan(warmMb * 1.3);
  },
);

scenario(
  'an engine that is away for three minutes is found again, and the next deploy converges',
  { files: 'crash', timeoutMs: 900_000 },
  async (stage) => {
    await stage.mustDrover(['up']);
    await stage.host.kill();
    await sleep(outageMs);
    const refused = await stage.drover(['up']);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).not.toMatch(/\n\s+at /);
    await stage.host.start();
    await stage.edit('compose.yaml', 'ROUND: "0"', 'ROUND: "1"');
    await stage.mustDrover(['up']);
    await stage.mustDrover(['plan'], 0);
  },
);
