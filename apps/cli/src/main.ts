import { homedir } from 'node:os';
import { processContextParts } from './process.ts';
import { runCommandLine } from './run.ts';

// A reader that went away, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

runCommandLine(process.argv.slice(2), processContextParts(homedir())).then(exitOnceWritten, (error: unknown) => {
  process.stderr.write(
    `drover: this is a bug in Drover: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  exitOnceWritten(1);
});

/** Where output goes into a socket, as it does from a child of Node, what was written last is still on its way. */
function exitOnceWritten(code: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
