import { benchCompose } from './compose/compose.ts';
import { benchDeploy } from './deploy/deploy.ts';
import { benchFleet } from './fleet/fleet.ts';
import { type BenchOptions, parseBenchOptions } from './options.ts';
import { say } from './report.ts';
import { benchSwarm } from './swarm/swarm.ts';

/** Every benchmark by its name: `npm run bench -- NAME`. */
const benches: ReadonlyMap<string, (options: BenchOptions) => Promise<void>> = new Map([
  ['compose', benchCompose],
  ['deploy', benchDeploy],
  ['fleet', benchFleet],
  ['swarm', benchSwarm],
]);

const [name, ...rest] = process.argv.slice(2);
const bench = benches.get(name ?? '');
try {
  if (bench === undefined)
    throw new Error(`usage: npm run bench -- ${[...benches.keys()].join('|')} [--only CASE]… [--pairs N]`);
  await bench(parseBenchOptions(rest));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
