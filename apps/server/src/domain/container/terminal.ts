import type { ExecStart } from '@drover/contract';
import type { AttachedStream, Engine, TerminalSize } from '@drover/engine';
import { Refusal } from '../refusal.ts';

/** A process in a container whose streams somebody holds. */
export interface Terminal {
  readonly output: AsyncIterable<{ readonly stream: 'stdin' | 'stdout' | 'stderr'; readonly data: Uint8Array }>;
  /** False when the process takes no more until `drained` is called. */
  write(data: Uint8Array, drained: () => void): boolean;
  endInput(): void;
  /** Resolves once this size or one that was wanted later is set. */
  resize(columns: number, rows: number): Promise<void>;
  /** The exit code, once the output has ended. */
  exitCode(): Promise<number>;
  close(): void;
}

const defaultSize: TerminalSize = { columns: 80, rows: 24 };

/** Runs a command in a container and connects to it. */
export async function openExec(
  engine: Engine,
  container: string,
  start: ExecStart,
  signal: AbortSignal,
): Promise<Terminal> {
  const tty = start.tty === true;
  const command = start.command ?? ['sh'];
  if (command.length === 0) throw new Refusal('invalid', 'running a command: there is none');
  const size = sizeOf(start);
  const exec = await engine.exec.create(
    container,
    {
      Cmd: command,
      AttachStdin: start.interactive === true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: tty,
      ...(start.environment === undefined ? {} : { Env: start.environment }),
      ...(start.user === undefined ? {} : { User: start.user }),
      ...(start.workdir === undefined ? {} : { WorkingDir: start.workdir }),
      ...(start.privileged === undefined ? {} : { Privileged: start.privileged }),
    },
    { signal },
  );
  const stream = await engine.exec.start(exec, { tty, ...(tty ? { size } : {}), signal });
  if (start.interactive !== true) stream.input.end();
  return {
    ...streamParts(stream),
    resize: resizer((size) => engine.exec.resize(exec, size, { signal })),
    exitCode: async () => (await engine.exec.inspect(exec)).ExitCode ?? 0,
  };
}

/** Connects to a container's own streams; one that does not run yet is started once nothing of its output can be missed. */
export async function openAttach(engine: Engine, container: string, signal: AbortSignal): Promise<Terminal> {
  const { Id, Config, State } = await engine.containers.inspect(container, { signal });
  if (!State.Running && State.Status !== 'created' && State.Status !== 'exited')
    throw new Refusal('not-now', `attaching to ${container}: it is ${State.Status}`);
  const stdin = Config.OpenStdin === true;
  const stream = await engine.containers.attach(Id, {
    stdin,
    stdout: true,
    stderr: true,
    tty: Config.Tty === true,
    signal,
  });
  if (!stdin) stream.input.end();
  const registered = Promise.withResolvers<void>();
  const exit = engine.containers.wait(Id, {
    condition: State.Running ? 'not-running' : 'next-exit',
    onRegistered: () => registered.resolve(),
    signal,
  });
  exit.catch(registered.reject);
  try {
    await registered.promise;
    if (!State.Running) await engine.containers.start(Id, { signal });
  } catch (error) {
    stream.close();
    throw error;
  }
  return {
    ...streamParts(stream),
    resize: resizer((size) => engine.containers.resize(Id, size, { signal })),
    exitCode: async () => (await exit).StatusCode,
  };
}

function streamParts(stream: AttachedStream): Pick<Terminal, 'output' | 'write' | 'endInput' | 'close'> {
  // Writing after the process ended is no error worth more than silence: its exit is told anyway.
  stream.input.on('error', () => {});
  return {
    output: stream.output,
    write(data, drained) {
      if (stream.input.writableEnded || stream.input.destroyed) return true;
      const room = stream.input.write(data);
      if (!room) stream.input.once('drain', drained);
      return room;
    },
    endInput: () => stream.input.end(),
    close: () => stream.close(),
  };
}

/** Sets one size after the other, since calls overtake each other; of those that wait only the last is set. */
function resizer(set: (size: TerminalSize) => Promise<void>): Terminal['resize'] {
  let wanted: TerminalSize | undefined;
  let working: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    try {
      while (wanted !== undefined) {
        const size = wanted;
        wanted = undefined;
        await set(size);
      }
    } finally {
      working = undefined;
    }
  };
  return (columns, rows) => {
    wanted = { columns, rows };
    working ??= work();
    return working;
  };
}

function sizeOf({ columns, rows }: ExecStart): TerminalSize {
  return columns !== undefined && rows !== undefined && columns > 0 && rows > 0 ? { columns, rows } : defaultSize;
}
