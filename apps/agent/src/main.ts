import { join, resolve } from 'node:path';
import { DroverError, messageOf } from '@drover/base';
import { AgentError } from './agent-error.ts';
import { parseCommandLine } from './command-line.ts';
import { carryOut } from './commands.ts';
import { exitCodes } from './exit-codes.ts';
import { readSettings } from './settings.ts';
import { Software } from './software.ts';

/** Tells a build that the server sent where the installed program lies. */
const installedVariable = 'DROVER_AGENT_INSTALLED';

// Whatever the agent writes is for its user alone.
process.umask(0o077);

const program = resolve(process.argv[1] ?? '');

/** Becomes another program: same process, so that nothing that watches over it notices. */
function become(path: string, installed: string | undefined): never {
  const { execve } = process;
  if (execve === undefined) throw new AgentError('failure', `starting ${path}: this system cannot replace a program`);
  const { [installedVariable]: _, ...environment } = process.env;
  const args = [process.execPath, ...process.execArgv, path, ...process.argv.slice(2)];
  return execve(
    process.execPath,
    args,
    installed === undefined ? environment : { ...environment, [installedVariable]: installed },
  );
}

async function main(): Promise<number> {
  const settings = readSettings(process.env);
  const line = parseCommandLine(process.argv.slice(2));
  const installed = process.env[installedVariable];
  if (line.command === 'run' && installed === undefined) {
    const chosen = await new Software(join(settings.dataDir, 'software')).chosen();
    if (chosen !== undefined) become(chosen, program);
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  const { exitCode, follows } = await carryOut(line, {
    settings,
    program,
    print: (text) => process.stdout.write(text),
    log: (text) => process.stderr.write(`${new Date().toISOString()} ${text}\n`),
    signal: stop.signal,
  });
  if (follows?.type === 'hand-over') become(follows.path, installed ?? program);
  // The program that was installed finds out itself which build comes after the one that failed.
  if (follows?.type === 'go-back') become(installed ?? program, undefined);
  return exitCode;
}

try {
  process.exitCode = await main();
} catch (thrown) {
  const words = thrown instanceof DroverError ? thrown.message : `the agent failed: ${messageOf(thrown)}`;
  process.stderr.write(`${words}\n`);
  process.exitCode = thrown instanceof AgentError ? exitCodes[thrown.code] : exitCodes.failure;
}
