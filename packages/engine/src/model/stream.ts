import type { Readable, Writable } from 'node:stream';

/** Bytes that come out of the engine; end it by reading it out or by `destroy()`. */
export type ByteStream = Readable;

/** Bytes that go to the engine. A stream is read with back-pressure and can be sent once. */
export type ByteSource = Uint8Array | AsyncIterable<Uint8Array>;

/** A piece of a container's output, cut anywhere. With a terminal everything is `stdout`. */
export interface OutputChunk {
  readonly stream: 'stdin' | 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A connection that the engine handed over to a process. */
export interface AttachedStream {
  /** Whether the process has a terminal, so that nothing tells stdout from stderr. */
  readonly tty: boolean;
  /** The process's output; read it to learn of the end. Not reading it stops the process once the pipes are full. */
  readonly output: AsyncIterable<OutputChunk>;
  /** The process's input. `end()` closes it and leaves the output open. */
  readonly input: Writable;
  /** Ends the connection in both directions; the process goes on. */
  close(): void;
}
