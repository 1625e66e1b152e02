import { join } from 'node:path';
import { runProgram } from '../../stage/program.ts';
import { pinnedNode, repository } from '../../stage/repository.ts';

/** The folder of the built UI; `buildWeb` brings it up to date. */
export const webFolder = join(repository, 'apps', 'web', 'dist');

/** Builds the UI as `npm start` does, when its sources changed. */
export async function buildWeb(): Promise<void> {
  const script = `import { ensureWeb } from './bootstrap/web.mjs'; ensureWeb(() => {});`;
  const made = await runProgram(pinnedNode, ['--input-type=module', '--eval', script], { cwd: repository });
  if (made.exitCode !== 0) throw new Error(`building the web UI: ${made.stderr}`);
}
