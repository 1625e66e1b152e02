import { type ChildProcess, execFileSync, spawn } from 'node:child_process';

export interface PseudoTerminalOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly columns?: number;
  readonly rows?: number;
}

const patienceMs = 60_000;

/** A program in a terminal of its own, made by util-linux's `script`. */
export class PseudoTerminal {
  readonly #child: ChildProcess;
  readonly exitCode: Promise<number>;
  readonly #watchers = new Set<() => void>();
  #output = '';

  constructor(program: string, args: readonly string[], options: PseudoTerminalOptions) {
    const { columns = 100, rows = 30 } = options;
    const command = [program, ...args].map(quoted).join(' ');
    this.#child = spawn(
      'script',
      [
        '--quiet',
        '--flush',
        '--return',
        '--command',
        `stty cols ${columns} rows ${rows}; echo "tty=$(tty)"; exec ${command}`,
        '/dev/null',
      ],
      {
        cwd: options.cwd,
        env: {
          ...process.env,
          TERM: 'xterm',
          LANG: 'C.UTF-8',
          CI: undefined,
          NO_COLOR: undefined,
          FORCE_COLOR: undefined,
          ...options.env,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    const take = (text: string): void => {
      this.#output += text;
      for (const watcher of this.#watchers) watcher();
    };
    this.#child.stdout?.setEncoding('utf8').on('data', take);
    this.#child.stderr?.setEncoding('utf8').on('data', take);
    this.#child.stdin?.on('error', () => {});
    this.exitCode = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code) => {
        for (const watcher of this.#watchers) watcher();
        resolve(code ?? -1);
      });
    });
  }

  /** Everything that came to the terminal's screen, escape sequences and all. */
  get output(): string {
    return this.#output;
  }

  /** Types; `\x03` is Ctrl-C. */
  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Changes its size, as dragging a window does. */
  resize(columns: number, rows: number): void {
    const device = /tty=(\S+)/.exec(this.#output)?.[1];
    if (device === undefined) throw new Error('the terminal has not said its name yet');
    execFileSync('stty', ['-F', device, 'cols', String(columns), 'rows', String(rows)]);
  }

  /** How the terminal is set, as `stty` says it. */
  settings(): string {
    const device = /tty=(\S+)/.exec(this.#output)?.[1];
    if (device === undefined) throw new Error('the terminal has not said its name yet');
    return execFileSync('stty', ['-F', device, '-a'], { encoding: 'utf8' });
  }

  /** Resolves once the screen has shown it; rejects when the program ends before, or after a minute. */
  async said(pattern: RegExp): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!pattern.test(this.#output)) {
      const left = deadline - performance.now();
      if (this.#child.exitCode !== null || left <= 0) {
        const how = left <= 0 ? `it ran for ${patienceMs / 1000} s` : 'it ended';
        throw new Error(`${how} without saying ${pattern}: ${JSON.stringify(this.#output)}`);
      }
      await new Promise<void>((resolve) => {
        const watcher = (): void => {
          clearTimeout(timer);
          this.#watchers.delete(watcher);
          resolve();
        };
        const timer = setTimeout(watcher, left);
        this.#watchers.add(watcher);
      });
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
