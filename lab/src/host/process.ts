import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type CommandOptions, type CommandResult, collectResult } from '../command.ts';
import { LabError } from '../errors.ts';

/** How a program is run inside a host. */
export interface HostExecOptions extends CommandOptions {
  /** Added to a small fixed environment (PATH, HOME, LANG); nothing of this process's own is passed on. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface HostSpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdio?: StdioOptions;
}

/** The namespaces and control groups that a program is put into. */
export interface HostPlace {
  readonly pid: number;
  readonly joinFiles: readonly string[];
}

const joinScript = fileURLToPath(new URL('join.sh', import.meta.url));
const standardEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
};

/** A program that runs inside a host. */
export class HostProcess {
  readonly #child: ChildProcess;
  /** Resolves with the exit code, 128 + n after signal n. */
  readonly exit: Promise<CommandResult>;

  constructor(child: ChildProcess, program: string) {
    this.#child = child;
    this.exit = collectResult(child, program);
    // Whoever does not wait for the end is not to be killed by it.
    this.exit.catch(() => {});
  }

  get stdin(): Writable {
    return present(this.#child.stdin);
  }

  get stdout(): Readable {
    return present(this.#child.stdout);
  }

  get stderr(): Readable {
    return present(this.#child.stderr);
  }

  /** Sends a signal to the program itself; what it started is its own affair, but dies with SIGKILL of the host. */
  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    const outer = this.#child.pid;
    if (outer === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    try {
      process.kill(childrenOf(outer)[0] ?? outer, signal);
    } catch {
      // It ended in between.
    }
  }
}

/** Starts a program inside a host, given as its arguments; it is killed when the process that waits for it is. */
export function spawnInside(place: HostPlace, args: readonly string[], options: HostSpawnOptions = {}): HostProcess {
  const [program] = args;
  if (program === undefined) throw new LabError('running a program in a host: none is named');
  const enter = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', `--wdns=${options.cwd ?? '/'}`];
  const child = spawn(
    '/bin/sh',
    [
      joinScript,
      place.joinFiles.join(' '),
      ...['/usr/bin/nsenter', `--target=${place.pid}`, ...enter, '--'],
      ...['/usr/bin/setpriv', '--pdeathsig=KILL', '--', ...args],
    ],
    { env: { ...standardEnvironment, ...options.env }, stdio: options.stdio ?? 'pipe' },
  );
  return new HostProcess(child, program);
}

/** Runs a program inside a host to its end; an abort kills it. */
export async function execInside(
  place: HostPlace,
  args: readonly string[],
  options: HostExecOptions = {},
): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  const started = spawnInside(place, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const abort = () => started.kill('SIGKILL');
  options.signal?.addEventListener('abort', abort, { once: true });
  started.stdin.on('error', () => {});
  started.stdin.end(options.stdin);
  try {
    const result = await started.exit;
    options.signal?.throwIfAborted();
    return result;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/** The direct children of a process, oldest first. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function present<T>(stream: T | null): T {
  if (stream === null) throw new LabError('using a stream of a program: it was started without one');
  return stream;
}
