// `npm run conformance`: Drover's config beside what docker compose said, recorded or, with --live, on the spot.
import { fileURLToPath } from 'node:url';
import { prepareOracle } from '@drover/lab/oracle';
import { readCases } from './case.ts';
import { generateCases } from './generate.ts';
import { compareLive } from './live.ts';
import { type ConformanceOptions, parseConformanceOptions } from './options.ts';
import { commandProgram } from './program.ts';
import { compareRecorded } from './recorded.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const drover = commandProgram(`${root}bin/drover`);
/** So many at once: each is a process of its own. */
const width = 2;

interface Check {
  readonly name: string;
  readonly run: () => Promise<string | undefined>;
}

async function checksFor(options: ConformanceOptions): Promise<Check[]> {
  const own = readCases(`${root}packages/compose/test/goldens`);
  const shared = options.shared === undefined ? [] : readCases(options.shared);
  process.stderr.write(
    `${own.length} cases of the project, ${shared.length} in ${options.shared ?? 'no shared folder'}\n`,
  );
  const checks = [...own, ...shared].map(
    (each): Check => ({ name: each.name, run: () => compareRecorded(each, drover) }),
  );
  if (!options.live) return checks;
  const oracle = commandProgram((await prepareOracle()).composePath);
  const asked = [...own, ...generateCases(options.generated, options.seed)];
  return [
    ...checks,
    ...asked.map((each) => ({ name: `live ${each.name}`, run: () => compareLive(each, oracle, drover) })),
  ];
}

async function runAll(checks: readonly Check[]): Promise<{ readonly passed: number; readonly failed: number }> {
  const queue = [...checks];
  let [passed, failed] = [0, 0];
  const work = async (): Promise<void> => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      const found = await check.run();
      if (found === undefined) passed++;
      else {
        failed++;
        process.stdout.write(`${check.name}: ${found}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return { passed, failed };
}

try {
  const options = parseConformanceOptions(process.argv.slice(2), root, process.env);
  const checks = (await checksFor(options)).filter(({ name }) => name.includes(options.only));
  if (checks.length === 0) throw new Error(`no case has ${JSON.stringify(options.only)} in its name`);
  const { passed, failed } = await runAll(checks);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
