import type { ExecControl, ExecEnd, ExecStart } from '@drover/contract';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import type { Terminal } from '../domain/container/terminal.ts';
import { Refusal } from '../domain/refusal.ts';

const size = z.number().int().min(1).max(10_000);
const startSchema = z.object({
  command: z.array(z.string()).min(1).optional(),
  tty: z.boolean().optional(),
  interactive: z.boolean().optional(),
  user: z.string().optional(),
  workdir: z.string().optional(),
  environment: z.array(z.string()).optional(),
  privileged: z.boolean().optional(),
  columns: size.optional(),
  rows: size.optional(),
});
const controlSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resize'), columns: size, rows: size }),
  z.object({ type: z.literal('end-of-input') }),
]);

/** How much may wait to be sent before the process is held up. */
const mostUnsent = 1024 * 1024;
const startMs = 10_000;

export interface TerminalSocketOptions {
  readonly socket: WebSocket;
  /** Opens the process once the first frame has said what is wanted. */
  readonly open: (start: ExecStart) => Promise<Terminal>;
  /** What goes wrong, as a sentence for the one who asked. */
  readonly explain: (error: unknown) => string;
}

/**
 * Joins a WebSocket and a process, as `rawRoutes` of the contract describes: a first text frame says what is wanted, then bytes go
 * both ways, with back-pressure, and a last text frame says how it ended.
 */
export async function serveTerminal({ socket, open, explain }: TerminalSocketOptions): Promise<void> {
  const inbox = new Inbox(socket);
  let terminal: Terminal | undefined;
  try {
    terminal = await open(await inbox.first());
    const connected = terminal;
    socket.on('close', () => connected.close());
    inbox.pass((frame) => takeFrame(socket, connected, frame));
    for await (const { stream, data } of connected.output) {
      if (socket.readyState !== socket.OPEN) return;
      await sendOutput(socket, stream === 'stderr' ? 2 : 1, data);
    }
    if (socket.readyState === socket.OPEN) end(socket, { type: 'exit', exitCode: await connected.exitCode() });
  } catch (error) {
    if (socket.readyState === socket.OPEN) end(socket, { type: 'error', message: explain(error) });
  } finally {
    terminal?.close();
  }
}

interface Frame {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

const mostWaiting = 64;

/** Holds the frames that come before there is a process to take them; many of them hold the sender up. */
class Inbox {
  readonly #socket: WebSocket;
  readonly #waiting: Frame[] = [];
  #take: ((frame: Frame) => void) | undefined;
  #wake = () => {};

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => {
      const frame = { data: bytesOf(data), isBinary };
      if (this.#take !== undefined) return this.#take(frame);
      this.#waiting.push(frame);
      if (this.#waiting.length >= mostWaiting) socket.pause();
      this.#wake();
    });
  }

  /** The first frame, which says what is wanted. */
  async first(): Promise<ExecStart> {
    await this.#something();
    const frame = this.#waiting.shift();
    const parsed = frame === undefined || frame.isBinary ? undefined : startSchema.safeParse(parseJson(frame.data));
    if (parsed?.success !== true)
      throw new Refusal('invalid', 'opening the stream: the first frame must say what is wanted, as JSON');
    return dropUndefined(parsed.data);
  }

  /** Hands on what waits, and from now on everything that comes. */
  pass(take: (frame: Frame) => void): void {
    for (const frame of this.#waiting.splice(0)) take(frame);
    this.#take = take;
    this.#socket.resume();
  }

  #something(): Promise<void> {
    if (this.#waiting.length > 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const refuse = (why: string) => reject(new Refusal('invalid', `opening the stream: ${why}`));
      const timer = setTimeout(() => refuse('the first frame did not come'), startMs);
      const closed = () => {
        clearTimeout(timer);
        refuse('the connection ended');
      };
      this.#socket.once('close', closed);
      this.#wake = () => {
        clearTimeout(timer);
        this.#socket.off('close', closed);
        resolve();
      };
    });
  }
}

function takeFrame(socket: WebSocket, terminal: Terminal, { data, isBinary }: Frame): void {
  if (isBinary) {
    const room = terminal.write(data, () => socket.resume());
    if (!room) socket.pause();
    return;
  }
  const parsed = controlSchema.safeParse(parseJson(data));
  if (!parsed.success) return;
  const control: ExecControl = parsed.data;
  if (control.type === 'end-of-input') terminal.endInput();
  // A process that has just ended has no size; its end is told anyway.
  else terminal.resize(control.columns, control.rows).catch(() => {});
}

async function sendOutput(socket: WebSocket, kind: 1 | 2, data: Uint8Array): Promise<void> {
  const frame = Buffer.allocUnsafe(data.length + 1);
  frame[0] = kind;
  frame.set(data, 1);
  const sent = new Promise<void>((resolve) => socket.send(frame, { binary: true }, () => resolve()));
  if (socket.bufferedAmount > mostUnsent) await sent;
}

function end(socket: WebSocket, message: ExecEnd): void {
  // The answer to the close must be read, or the connection stays until it is cut.
  socket.resume();
  socket.send(JSON.stringify(message), () => socket.close(1000));
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function dropUndefined(start: z.infer<typeof startSchema>): ExecStart {
  return Object.fromEntries(Object.entries(start).filter(([, value]) => value !== undefined));
}
