import type { ApiClient } from './client/client.ts';
import type { HttpLink } from './client/link.ts';
import type { Command } from './command/command.ts';
import type { GlobalValues } from './command/global-flags.ts';
import type { Paint } from './terminal/style.ts';
import type { Terminal } from './terminal/terminal.ts';

export interface Connection {
  readonly client: ApiClient;
  readonly link: HttpLink;
}

/** Everything a command may touch. Nothing in a command reads the process itself, so that tests can run one in memory. */
export interface Context {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly directory: string;
  readonly home: string;
  readonly isRoot: boolean;
  /** Where Drover is installed: the folder that holds `bin/drover`. */
  readonly installFolder: string;
  readonly terminal: Terminal;
  readonly global: GlobalValues;
  /** The table of all commands. */
  readonly commands: readonly Command[];
  readonly paint: Paint;
  /** Colours of standard error, which may be a terminal where standard output is not. */
  readonly errorPaint: Paint;
  readonly now: () => number;
  /**
   * The client of the server and the environment that the user means, or of the `environment` given here; asks nothing of it yet. The
   * same at every call. Throws `UsageError` for what is no name.
   */
  connect(environment?: string): Promise<Connection>;
  /** A line on standard output. */
  print(line: string): void;
  /** A JSON document on standard output. */
  printJson(value: unknown): void;
  /** A line for the person at the terminal, on standard error. */
  say(line: string): void;
  /** Until the returned function is called, Ctrl-C and SIGTERM call `handler` instead of ending the process. */
  onInterrupt(handler: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
}
