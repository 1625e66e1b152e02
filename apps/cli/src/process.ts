import { dirname } from 'node:path';
import type { ContextParts } from './run.ts';

/** The real process as the parts of a context. */
export function processContextParts(home: string): ContextParts {
  return {
    environment: process.env,
    directory: process.cwd(),
    home,
    isRoot: process.getuid?.() === 0,
    // bootstrap/cli.cjs started this process.
    installFolder: dirname(dirname(process.argv[1] ?? process.cwd())),
    // Standard input is opened when a command reads it, not before: opening it keeps a process alive.
    terminal: {
      get stdin() {
        return process.stdin;
      },
      stdout: process.stdout,
      stderr: process.stderr,
    },
    now: () => Date.now(),
    onInterrupt(handler) {
      const listener = (signal: NodeJS.Signals): void => handler(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
      return () => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, listener);
      };
    },
  };
}
