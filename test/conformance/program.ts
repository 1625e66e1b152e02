import { spawn } from 'node:child_process';

/** What a run of a program came to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Something that answers `… config …`: the real docker compose or Drover. */
export type Program = (
  args: readonly string[],
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
) => Promise<Outcome>;

/** Beyond this a program hangs: nothing in the cases takes a second. */
const patience = 30_000;

/** A program of this machine, run with nothing but the environment it is given. One that hangs is killed and has code -1. */
export function commandProgram(path: string): Program {
  return (args, { cwd, env }) =>
    new Promise((resolve, reject) => {
      const child = spawn(path, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      const timer = setTimeout(() => child.kill('SIGKILL'), patience);
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
      child.on('error', (cause) => {
        clearTimeout(timer);
        reject(new Error(`starting ${path}: ${cause.message}`, { cause }));
      });
      child.on('close', (code) => {
        clearTimeout(timer);
        resolve({ code: code ?? -1, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
      });
    });
}
