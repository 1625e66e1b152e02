import type { ExecControl, ExecEnd, ExecStart } from '@drover/contract';
import { api } from '../../../api/client.ts';
import { apiBaseOf } from '../../../api/environment.ts';
import { refusalOf } from '../../../api/refusal.ts';

export type ExecEvents = {
  readonly onOpen: () => void;
  readonly onOutput: (bytes: Uint8Array) => void;
  /** It is over: how, in words. Called once. */
  readonly onEnd: (words: string) => void;
};

/** A program that runs in a container, at the other end of a WebSocket (`rawRoutes.exec` of the contract). */
export class ExecSession {
  readonly #events: ExecEvents;
  #socket: WebSocket | undefined;
  #ended = false;

  constructor(events: ExecEvents) {
    this.#events = events;
  }

  /** Starts the program; what goes wrong is told by `onEnd`. */
  async open(container: string, start: ExecStart): Promise<void> {
    try {
      const { ticket } = await api.session.ticket({ purpose: 'exec', container });
      if (this.#ended) return;
      const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
      const path = `/containers/${encodeURIComponent(container)}/exec?ticket=${encodeURIComponent(ticket)}`;
      const socket = new WebSocket(`${scheme}://${location.host}${apiBaseOf('raw.exec')}${path}`);
      socket.binaryType = 'arraybuffer';
      this.#socket = socket;
      socket.addEventListener('open', () => {
        socket.send(JSON.stringify(start));
        this.#events.onOpen();
      });
      socket.addEventListener('message', ({ data }) => this.#take(data as ArrayBuffer | string));
      socket.addEventListener('close', ({ code, reason }) =>
        this.#end(reason !== '' ? reason : code === 1000 ? 'It ended.' : 'The connection broke.'),
      );
    } catch (error) {
      this.#end(refusalOf(error).message);
    }
  }

  write(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(new TextEncoder().encode(text));
  }

  resize(columns: number, rows: number): void {
    const message: ExecControl = { type: 'resize', columns, rows };
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Lets go of the program without a word. */
  close(): void {
    this.#ended = true;
    this.#socket?.close(1000);
  }

  #take(data: ArrayBuffer | string): void {
    if (typeof data !== 'string') {
      // The first byte says which of the two outputs it is; a terminal has one.
      this.#events.onOutput(new Uint8Array(data, 1));
      return;
    }
    const end = JSON.parse(data) as ExecEnd;
    this.#end(end.type === 'error' ? end.message : `It ended with exit code ${end.exitCode}.`);
  }

  #end(words: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.onEnd(words);
  }
}
