// Plain JavaScript without dependencies: it runs on the Node that the machine has (20 or newer) and hands over to the
// pinned one, which lies inside an ordinary locked npm package (docs/decisions/0002-runtime.md).
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The path of the pinned Node for this machine, whether or not it is installed yet. */
export function pinnedNode() {
  return join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
}

/** Installs the locked dependencies when they are missing or the lock file changed since; otherwise costs a few stats. */
export function ensureDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.drover-lock');
  if (existsSync(pinnedNode()) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Error(`Drover runs on Linux on x64 or arm64; this is ${process.platform} on ${process.arch}.`);
  }
  process.stderr.write('Installing dependencies…\n');
  const done = spawnSync('npm', ['ci', '--no-progress', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.error) throw new Error(`npm could not be started: ${done.error.message}`);
  if (done.status !== 0) throw new Error(`npm ci ended with status ${done.status}; its output is above.`);
  if (!existsSync(pinnedNode()))
    throw new Error(`npm ci left no Node at ${pinnedNode()}: are optional dependencies switched off?`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

/** Runs a script under the pinned Node with this process's streams, passes signals on and resolves with the exit code. */
export function runPinned(args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(pinnedNode(), args, {
      cwd: options.cwd ?? root,
      stdio: options.stdio ?? 'inherit',
      env: { ...process.env, ...options.env },
    });
    const pass = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, pass);
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : 15));
    });
  });
}
