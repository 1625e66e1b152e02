import { DroverError, messageOf } from '@drover/base';
import { createEngine, dialerFromEnvironment } from '@drover/engine';
import packageJson from '../package.json' with { type: 'json' };
import { createLog } from './log.ts';
import { startServer } from './server.ts';
import { readSettings } from './settings.ts';

/** How long an orderly stop may take; well under the 90 s after which systemd kills. */
const stopMs = 20_000;

// Whatever the server writes is for its user alone.
process.umask(0o077);

try {
  const settings = readSettings(process.env);
  const log = createLog(settings.logLevel, settings.logFile);
  const engine = createEngine({ dialer: dialerFromEnvironment(process.env) });
  const server = await startServer(settings, { engine, log, version: packageJson.version });
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'Drover stops; what it deployed keeps running');
    // What does not end by then is gone on with at the next start, as after a kill.
    setTimeout(() => {
      log.warn({ stopMs }, 'stopping took too long');
      process.exit(0);
    }, stopMs).unref();
    server
      .stop()
      .catch((error) => log.error({ err: error }, 'stopping failed'))
      .finally(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.stdout.write(`Drover is ready: ${server.url}\n`);
  if (server.isNew || settings.printLink) process.stdout.write(`Sign in (once): ${await server.signInLink()}\n`);
} catch (error) {
  process.stderr.write(
    `${error instanceof DroverError ? error.message : `Drover failed to start: ${messageOf(error)}`}\n`,
  );
  process.exit(1);
}
