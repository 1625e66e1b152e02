import { type ChildProcess, spawn } from 'node:child_process';

export interface ProgramOptions {
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` takes a variable out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** Milliseconds until the program is killed and the run counts as failed; default 300 000. */
  readonly timeoutMs?: number;
}

export interface ProgramResult {
  /** 128 + n after signal n. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams as they came, for messages. */
  readonly output: string;
  readonly ms: number;
}

/** A program that runs, with typed arguments and never through a shell. */
export class RunningProgram {
  readonly child: ChildProcess;
  readonly result: Promise<ProgramResult>;
  #stdout = '';
  #stderr = '';
  #output = '';
  readonly #watchers = new Set<() => void>();

  constructor(program: string, args: readonly string[], options: ProgramOptions = {}) {
    const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', ...options.env };
    const started = performance.now();
    this.child = spawn(program, args, {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    this.child.stdin?.on('error', () => {});
    this.child.stdin?.end(options.stdin ?? '');
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#add(text, true));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#add(text, false));
    const timeoutMs = options.timeoutMs ?? 300_000;
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.child.kill('SIGKILL');
    }, timeoutMs);
    this.result = new Promise((resolve, reject) => {
      this.child.once('error', (cause) => {
        clearTimeout(timer);
        reject(new Error(`running ${program}: ${cause.message}`, { cause }));
      });
      this.child.once('close', (code, signal) => {
        clearTimeout(timer);
        for (const watcher of this.#watchers) watcher();
        const ms = performance.now() - started;
        if (timedOut) {
          const what = [program, ...args].join(' ');
          reject(new Error(`${what} did not end within ${timeoutMs / 1000} s; it said:\n${this.#output}`));
        } else {
          const exitCode = code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15);
          resolve({ exitCode, stdout: this.#stdout, stderr: this.#stderr, output: this.#output, ms });
        }
      });
    });
    // Whoever only waits for a line must not be killed by the program's end.
    this.result.catch(() => {});
  }

  /** What both streams have held so far. */
  get output(): string {
    return this.#output;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Resolves with the first match in the output; rejects when the program ends without one. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#output);
      if (found) return found;
      if (this.ended) throw new Error(`the program ended without saying ${pattern}; it said:\n${this.#output}`);
      await new Promise<void>((resolve) => {
        const watcher = () => {
          this.#watchers.delete(watcher);
          resolve();
        };
        this.#watchers.add(watcher);
      });
    }
  }

  signal(name: NodeJS.Signals): void {
    if (!this.ended) this.child.kill(name);
  }

  #add(text: string, isStdout: boolean): void {
    if (isStdout) this.#stdout += text;
    else this.#stderr += text;
    this.#output += text;
    for (const watcher of this.#watchers) watcher();
  }
}

/** Runs a program to its end, whatever its exit code. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return new RunningProgram(program, args, options).result;
}
