import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleReader, load } from '@drover/compose';
import { prepareOracle } from '@drover/lab/oracle';
import type { BenchOptions } from '../options.ts';
import { median, ratioOf, report, say } from '../report.ts';
import { writeProject } from './projects.ts';

const sizes = [10, 100, 1000];
const drover = fileURLToPath(new URL('../../../bin/drover', import.meta.url));
const library = 'load-1000';
const growth = 'growth';

/** `drover config` beside `docker compose config`, as whole commands in turn; and the library's own time. */
export async function benchCompose({ only, pairs }: BenchOptions): Promise<void> {
  const wanted = (name: string): boolean => only.length === 0 || only.includes(name);
  const { dockerPath, configFolder } = await prepareOracle();
  const environment = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', DOCKER_CONFIG: configFolder };
  const theirs = (folder: string): number => commandTime(dockerPath, ['compose', 'config'], folder, environment);
  const ours = (folder: string): number => commandTime(drover, ['config'], folder, environment);
  const place = mkdtempSync(join(tmpdir(), 'drover-bench-'));
  try {
    const times = new Map<number, readonly number[]>();
    for (const size of sizes) {
      if (!wanted(`config-${size}`) && !wanted(growth)) continue;
      const folder = writeProject(place, size);
      const [mine, other] = inTurn(
        pairs,
        () => ours(folder),
        () => theirs(folder),
      );
      times.set(size, mine);
      say(`config-${size}: ${shown(mine)} against ${shown(other)}`);
      if (wanted(`config-${size}`)) ratio(`config-${size}`, mine, other);
    }
    if (wanted(library)) {
      const folder = writeProject(place, 1000);
      const loadTime = await libraryTime(folder);
      const mine: number[] = [];
      const other: number[] = [];
      for (let pair = 0; pair < pairs; pair++) {
        mine.push(await loadTime());
        other.push(theirs(folder));
      }
      say(`${library}: ${shown(mine)} against ${shown(other)}`);
      ratio(library, mine, other);
    }
    if (wanted(growth)) reportGrowth(times, pairs);
  } finally {
    rmSync(place, { recursive: true });
  }
}

function ratio(name: string, mine: readonly number[], other: readonly number[]): void {
  report({ bench: 'compose', case: name, unit: 'ratio', better: 'lower', ...ratioOf(mine, other) });
}

/** How much longer each further service takes at a thousand than at a hundred: 1 is linear. */
function reportGrowth(times: ReadonlyMap<number, readonly number[]>, runs: number): void {
  const at = (size: number): number => median(times.get(size) ?? []);
  const value = (at(1000) - at(100)) / 900 / ((at(100) - at(10)) / 90);
  report({ bench: 'compose', case: growth, unit: 'ratio', better: 'lower', value, min: value, max: value, runs });
}

/** Times of both, one warm-up each that does not count; who goes first alternates. */
function inTurn(pairs: number, one: () => number, other: () => number): [number[], number[]] {
  const times: [number[], number[]] = [[], []];
  one();
  other();
  for (let pair = 0; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const side of order) times[side].push(side === 0 ? one() : other());
  }
  return times;
}

/** Milliseconds that a command takes from its start to its end. */
function commandTime(path: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): number {
  const from = performance.now();
  const { status, stderr } = spawnSync(path, args, { cwd, env, maxBuffer: 1024 ** 3 });
  const time = performance.now() - from;
  if (status !== 0) throw new Error(`${path} ${args.join(' ')} ended with status ${status}: ${stderr}`);
  return time;
}

/** A function that loads the project in this process, warm, and gives the milliseconds it took. */
async function libraryTime(folder: string): Promise<() => Promise<number>> {
  const text = readFileSync(join(folder, 'compose.yaml'), 'utf8');
  const once = async (): Promise<number> => {
    const from = performance.now();
    const result = await load({
      files: [{ uri: join(folder, 'compose.yaml'), text }],
      workingDir: folder,
      environment: {},
      reader: bundleReader(new Map()),
    });
    if (!result.ok) throw new Error(result.diagnostics[0]?.message ?? 'it did not load');
    return performance.now() - from;
  };
  for (let warmUp = 0; warmUp < 3; warmUp++) await once();
  return once;
}

function shown(times: readonly number[]): string {
  return `${Math.round(median(times))} ms`;
}
