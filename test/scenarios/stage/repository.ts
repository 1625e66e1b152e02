import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './program.ts';

/** The root of this repository. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** The Node that the repository pins. */
export const pinnedNode = join(repository, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');

let server: Promise<string> | undefined;

/** The server as `npm start` runs it: bundled, made anew when its sources changed. */
export function serverScript(): Promise<string> {
  server ??= bundled('server');
  return server;
}

/** Makes the CLI's bundle, so that the first command is not the one that pays for it. */
export async function prepareCli(): Promise<void> {
  await bundled('cli');
}

/** The agent as one file, as hosts get it. */
export function agentScript(): Promise<string> {
  return bundled('agent');
}

async function bundled(app: 'server' | 'cli' | 'agent'): Promise<string> {
  const script = `import { bundle } from './bootstrap/bundle.mjs'; process.stdout.write(await bundle('${app}'));`;
  const made = await runProgram(pinnedNode, ['--input-type=module', '--eval', script], { cwd: repository });
  if (made.exitCode !== 0) throw new Error(`bundling ${app}: ${made.stderr}`);
  return made.stdout;
}
