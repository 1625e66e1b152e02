import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from './errors.ts';

/**
 * Runs `work` while holding an exclusive lock on a file, across processes. A child `flock` holds it and ends with our
 * end of its pipe, so that a killed owner never leaves the lock behind.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const holder = spawn('flock', ['--exclusive', path, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once('data', () => resolve());
      holder.once('error', reject);
      holder.once('exit', (code) => reject(new LabError(`locking ${path}: flock ended with ${code}`)));
    });
    return await work();
  } finally {
    holder.on('error', () => {});
    if (holder.exitCode === null && holder.signalCode === null) {
      const ended = once(holder, 'exit');
      holder.stdin.end();
      await ended;
    }
  }
}
