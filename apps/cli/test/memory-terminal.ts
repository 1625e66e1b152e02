import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { ContextParts } from '../src/run.ts';
import type { TextInput, TextOutput } from '../src/terminal/terminal.ts';

/** An output that keeps what is written; with `columns` it is a terminal. */
export class MemoryOutput extends EventEmitter implements TextOutput {
  text = '';
  columns: number | undefined;
  rows: number | undefined;

  constructor(columns?: number, rows?: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  get isTTY(): boolean {
    return this.columns !== undefined;
  }

  write(text: string | Uint8Array): boolean {
    this.text += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
    return true;
  }
}

export interface MemoryParts extends ContextParts {
  readonly terminal: {
    readonly stdin: TextInput & PassThrough;
    readonly stdout: MemoryOutput;
    readonly stderr: MemoryOutput;
  };
  interrupt(): void;
}

/** A context's parts in memory: no process is touched. */
export function memoryParts(options: Partial<ContextParts> & { readonly columns?: number } = {}): MemoryParts {
  const handlers = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();
  return {
    environment: {},
    directory: '/nowhere',
    home: '/nowhere/home',
    isRoot: false,
    installFolder: '/opt/drover',
    now: () => Date.now(),
    onInterrupt(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    interrupt() {
      for (const handler of handlers) handler('SIGINT');
    },
    ...options,
    terminal: {
      stdin: new PassThrough(),
      stdout: new MemoryOutput(options.columns, options.columns === undefined ? undefined : 24),
      stderr: new MemoryOutput(options.columns, options.columns === undefined ? undefined : 24),
    },
  };
}
