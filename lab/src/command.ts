import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { LabError } from './errors.ts';

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment of the program, not an addition to this process's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const keptOutputBytes = 64 * 1024 * 1024;

/** Runs a program with typed arguments, never through a shell, and resolves with its exit code whatever it is (128 + n after signal n). */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const stdio: StdioOptions = [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
  const child = spawn(program, args, {
    stdio,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.signal === undefined ? {} : { signal: options.signal, killSignal: 'SIGKILL' as const }),
  });
  return collectResult(child, program, options.stdin);
}

/** Gathers what a child with piped output prints until it ends; at most 64 MiB of each stream is kept, the newest. */
export function collectResult(
  child: ChildProcess,
  program: string,
  stdin?: string | Uint8Array,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const stdout = new KeptOutput();
    const stderr = new KeptOutput();
    child.stdout?.on('data', (chunk: Buffer) => stdout.add(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.add(chunk));
    child.once('error', (cause) => {
      if (cause.name === 'AbortError') reject(cause);
      else reject(new LabError(`running ${program}: ${cause.message}`, { cause }));
    });
    child.once('close', (code, signal) => {
      resolve({ exitCode: code ?? 128 + signalNumber(signal), stdout: stdout.text(), stderr: stderr.text() });
    });
    // A program that ends without reading its input is no error of ours.
    child.stdin?.on('error', () => {});
    if (stdin !== undefined) child.stdin?.end(stdin);
  });
}

/** Runs a program that has to succeed and resolves with its standard output; `doing` starts the sentence of the error. */
export async function mustRun(
  doing: string,
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await runCommand(program, args, options);
  if (result.exitCode === 0) return result.stdout;
  throw new LabError(`${doing}: ${program} ended with ${result.exitCode}: ${lastLines(result)}`);
}

function lastLines(result: CommandResult): string {
  const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-8).join('\n');
  return said === '' ? 'it printed nothing' : said;
}

function signalNumber(signal: NodeJS.Signals | null): number {
  if (signal === 'SIGINT') return 2;
  if (signal === 'SIGKILL') return 9;
  return 15;
}

class KeptOutput {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** Text comes where somebody else has set the stream's encoding. */
  add(part: Buffer | string): void {
    const chunk = Buffer.from(part);
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes > keptOutputBytes && this.#chunks.length > 1) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
    }
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
