import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface ConformanceOptions {
  /** Ask the real docker compose as well, over the project's own and generated cases. */
  readonly live: boolean;
  /** Only cases whose name holds this. */
  readonly only: string;
  /** Folders of recorded cases besides the project's own. */
  readonly shared: string | undefined;
  /** How many cases to generate for a live run, and from which seed. */
  readonly generated: number;
  readonly seed: number;
}

const usage = 'usage: npm run conformance -- [--live] [--only TEXT] [--cases FOLDER] [--generated N] [--seed N]';

/**
 * Reads the command line. Cases shared between projects lie in `--cases`, else in DROVER_CONFORMANCE, else in
 * `../shared/conformance` beside the repository, where there is one.
 */
export function parseConformanceOptions(
  args: readonly string[],
  root: string,
  environment: NodeJS.ProcessEnv,
): ConformanceOptions {
  const values = valuesOf(args);
  const named = values.cases ?? environment.DROVER_CONFORMANCE;
  const shared = resolve(root, named ?? '../shared/conformance');
  if (named !== undefined && !existsSync(shared)) throw new Error(`${shared}: there is no such folder of cases`);
  return {
    live: values.live === true,
    only: values.only ?? '',
    shared: existsSync(shared) ? shared : undefined,
    generated: wholeNumber(values.generated ?? '100', '--generated'),
    seed: wholeNumber(values.seed ?? '1', '--seed'),
  };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        live: { type: 'boolean' },
        only: { type: 'string' },
        cases: { type: 'string' },
        generated: { type: 'string' },
        seed: { type: 'string' },
      },
    }).values;
  } catch {
    throw new Error(usage);
  }
}

function wholeNumber(text: string, flag: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`${flag} ${text}: it has to be a whole number`);
  return number;
}
