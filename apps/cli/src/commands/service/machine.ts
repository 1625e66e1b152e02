import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { DroverError } from '@drover/base';

/** A program of the init system failed, or what is needed is not there. */
export class ServiceError extends DroverError {
  readonly code = 'service';
}

/** What starts services here. `name` is what runs as PID 1 where it is neither. */
export type InitSystem = { readonly kind: 'systemd' | 'openrc' } | { readonly kind: 'none'; readonly name: string };

/** The machine that a service is made on. Files are looked for below `prefix`, which is empty but for tests. */
export interface Machine {
  readonly prefix: string;
  /** Runs a program with these very arguments, no shell between; resolves with status and output. */
  run(program: string, args: readonly string[]): Promise<{ readonly status: number; readonly output: string }>;
}

export const thisMachine: Machine = { prefix: '', run: runProgram };

/** Which init system runs, asked of what each leaves in /run while it does. */
export function initSystem({ prefix }: Machine): InitSystem {
  if (existsSync(`${prefix}/run/systemd/system`)) return { kind: 'systemd' };
  if (existsSync(`${prefix}/run/openrc/softlevel`)) return { kind: 'openrc' };
  try {
    return { kind: 'none', name: readFileSync(`${prefix}/proc/1/comm`, 'utf8').trim() };
  } catch {
    return { kind: 'none', name: 'unknown' };
  }
}

/** Runs a program that must succeed; its output is in the error when it does not. */
export async function mustRun(machine: Machine, program: string, args: readonly string[]): Promise<string> {
  const { status, output } = await machine.run(program, args);
  if (status !== 0)
    throw new ServiceError(
      `${program} ${args.join(' ')} ended with status ${status}: ${output.trim() || 'it said nothing'}`,
    );
  return output;
}

function runProgram(program: string, args: readonly string[]): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk: Buffer): void => {
      if (output.length < 64 * 1024) output += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => reject(new ServiceError(`starting ${program}: ${error.message}`, { cause: error })));
    child.on('close', (status) => resolve({ status: status ?? 1, output }));
  });
}
