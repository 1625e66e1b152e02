import { DroverError } from '@drover/base';
import type { ExecControl, ExecEnd, ExecStart } from '@drover/contract';
import { type RawData, WebSocket } from 'ws';
import type { HttpLink } from '../client/link.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** The remote command could not be started, or the way to it broke. */
export class RemoteError extends DroverError {
  readonly code = 'remote';
}

export interface RemoteOptions {
  readonly link: HttpLink;
  /** A route of an environment, with its ticket. */
  readonly path: string;
  readonly start: ExecStart;
  readonly terminal: Terminal;
  readonly tty: boolean;
  readonly stdin: boolean;
}

/** So much unsent input stops reading more of it. */
const highWater = 1024 * 1024;

/**
 * Joins this terminal to a process in a container until that has ended; resolves with its exit code.
 *
 * INVARIANTS: nothing is read from standard input faster than it is sent, nothing received faster than it is written; however
 * it ends, the terminal is no longer in raw mode and nothing listens to standard input or to resizes.
 */
export async function runRemote(options: RemoteOptions): Promise<number> {
  const { link, path, start, terminal } = options;
  const { url } = link.endpoint;
  const address = `${url.protocol === 'https:' ? 'wss' : 'ws'}://${url.host}${url.pathname.replace(/\/$/, '')}/api${link.inEnvironment(path)}`;
  const socket = new WebSocket(address, { perMessageDeflate: false, maxPayload: 16 * 1024 * 1024 });
  const end = new Promise<number>((resolve, reject) => {
    let ended: ExecEnd | undefined;
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) writeOutput(socket, terminal, toBuffer(data));
      else ended = JSON.parse(toBuffer(data).toString('utf8')) as ExecEnd;
    });
    socket.on('close', (code, reason) => {
      if (ended?.type === 'exit') resolve(ended.exitCode);
      else if (ended?.type === 'error') reject(new RemoteError(ended.message));
      else if (code === 1008) reject(new RemoteError(reason.toString('utf8') || 'the server refused it'));
      else reject(new RemoteError(`the connection to the server broke (${code}); the command may still be running`));
    });
    socket.on('error', (error) =>
      reject(new RemoteError(`connecting to the server: ${error.message}`, { cause: error })),
    );
  });
  // Until the socket is open nobody may be waiting for the end.
  end.catch(() => {});
  await Promise.race([new Promise((resolve) => socket.once('open', resolve)), end]);
  socket.send(JSON.stringify({ ...start, ...(options.tty ? sizeOf(terminal) : {}) }));
  const release = [
    ...(options.stdin ? [passInput(socket, terminal, options.tty)] : []),
    ...(options.tty ? [passResizes(socket, terminal)] : []),
  ];
  try {
    return await end;
  } finally {
    for (const each of release) each();
    socket.terminate();
  }
}

function writeOutput(socket: WebSocket, terminal: Terminal, frame: Buffer): void {
  const output = frame[0] === 2 ? terminal.stderr : terminal.stdout;
  if (output.write(frame.subarray(1))) return;
  socket.pause();
  output.once('drain', () => socket.resume());
}

function passInput(socket: WebSocket, { stdin }: Terminal, tty: boolean): () => void {
  const raw = tty && stdin.isTTY === true && stdin.setRawMode !== undefined;
  if (raw) stdin.setRawMode?.(true);
  const take = (chunk: Buffer): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(chunk, { binary: true }, () => {
      if (socket.bufferedAmount < highWater && stdin.isPaused()) stdin.resume();
    });
    if (socket.bufferedAmount >= highWater) stdin.pause();
  };
  const ended = (): void => control(socket, { type: 'end-of-input' });
  stdin.on('data', take);
  stdin.on('end', ended);
  stdin.resume();
  return () => {
    stdin.off('data', take);
    stdin.off('end', ended);
    stdin.pause();
    if (raw) stdin.setRawMode?.(false);
  };
}

function passResizes(socket: WebSocket, terminal: Terminal): () => void {
  const { stdout } = terminal;
  const resized = (): void => {
    const size = sizeOf(terminal);
    if (size !== undefined) control(socket, { type: 'resize', ...size });
  };
  stdout.on('resize', resized);
  // A container that is attached to takes no size at its start.
  resized();
  return () => void stdout.off('resize', resized);
}

function control(socket: WebSocket, message: ExecControl): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** A terminal that does not know its size says 0. */
function sizeOf({ stdout: { columns, rows } }: Terminal): { columns: number; rows: number } | undefined {
  return columns && rows ? { columns, rows } : undefined;
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
