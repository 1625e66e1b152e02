import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A small process that outlives its lab's owner for as long as it takes to sweep up after it. */
export interface Warden {
  /** Ends it; the lab is down. */
  dismiss(): void;
}

const mainPath = fileURLToPath(new URL('main.ts', import.meta.url));

/** Watches this process by the end of a pipe: however it ends, even by SIGKILL, its labs are swept up at once. */
export function startWarden(): Warden {
  const waitThenSweep = 'cat >/dev/null; exec "$@"';
  const child = spawn('/bin/sh', ['-c', waitThenSweep, 'sh', process.execPath, mainPath, 'sweep'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  // Neither the child nor our end of its pipe keeps the owner from ending.
  (child.stdin as Socket).unref();
  return { dismiss: () => void child.kill('SIGKILL') };
}
