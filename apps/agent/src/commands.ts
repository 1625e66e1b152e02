import { hostname } from 'node:os';
import { messageOf } from '@drover/base';
import { FolderLockError, lockFolder } from '@drover/base/node/lock-folder';
import { createEngine, dialerFromEnvironment } from '@drover/engine';
import packageJson from '../package.json' with { type: 'json' };
import { AgentError } from './agent-error.ts';
import { type CommandLine, usage } from './command-line.ts';
import { openDataFolder } from './data-folder.ts';
import { type ExitName, exitCodes } from './exit-codes.ts';
import { join } from './join.ts';
import { Machine, machineId } from './machine.ts';
import { type RunEnd, run } from './run.ts';
import type { Settings } from './settings.ts';
import { status } from './status.ts';
import { readToken } from './token.ts';

export const version = packageJson.version;

export interface CommandParts {
  readonly settings: Settings;
  readonly program: string;
  readonly print: (text: string) => void;
  readonly log: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface CommandEnd {
  readonly exitCode: number;
  readonly follows?: RunEnd;
}

/** Carries one command out. */
export async function carryOut(line: CommandLine, parts: CommandParts): Promise<CommandEnd> {
  const { settings, print } = parts;
  const end = (name: ExitName): CommandEnd => ({ exitCode: exitCodes[name] });
  switch (line.command) {
    case 'help':
      print(usage);
      return end('ok');
    case 'version':
      print(`${version}\n`);
      return end('ok');
    case 'status': {
      const { lines, exit } = await status(await openDataFolder(settings.dataDir));
      print(`${lines.join('\n')}\n`);
      return end(exit);
    }
    case 'join': {
      const token = await readToken(settings, line.tokenFile);
      const folder = await openDataFolder(settings.dataDir);
      const { signal } = parts;
      const machine = await lookAtMachine(settings, signal);
      const { hostId } = await join(folder, { server: line.server, authority: line.authority, token, machine, signal });
      print(`This machine is host ${hostId} of ${line.server.host}:${line.server.port}.\n`);
      return end('ok');
    }
    case 'run': {
      const docker = dialerFromEnvironment(settings.environment);
      const folder = await openDataFolder(settings.dataDir);
      const release = takeFolder(folder.path);
      try {
        return { exitCode: exitCodes.ok, follows: await run(folder, { docker, version, ...parts }) };
      } finally {
        release();
      }
    }
  }
}

async function lookAtMachine(settings: Settings, signal: AbortSignal) {
  const engine = createEngine({ dialer: dialerFromEnvironment(settings.environment) });
  const facts = await new Machine(engine).facts(signal);
  engine.close();
  const id = await machineId();
  return {
    software: version,
    hostname: hostname(),
    facts,
    ...(facts.engine === null ? {} : { engineId: facts.engine.id }),
    ...(id === '' ? {} : { machineId: id }),
  };
}

/** Two agents with one identity would take the tunnel from each other. */
function takeFolder(path: string): () => void {
  try {
    return lockFolder(path);
  } catch (cause) {
    const isTaken = cause instanceof FolderLockError && cause.code === 'folder-taken';
    const why = 'another agent runs with it; stop that one, or choose another folder with DROVER_AGENT_DATA';
    const message = isTaken ? `locking the data folder ${path}: ${why}` : messageOf(cause);
    throw new AgentError('data-folder', message, { cause });
  }
}
