import { homedir } from 'node:os';
import { processContextParts } from './process.ts';
import { runCommandLine } from './run.ts';

// A reader that went away, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

runCommandLine(process.argv.slice(2), processContextParts(homedir())).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `drover: this is a bug in Drover: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
