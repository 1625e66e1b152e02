import { messageOf, unreachable } from '@drover/base';
import { type LabCommand, parseLabCommand, usage } from './arguments.ts';
import { createLastingLab } from './create-lab.ts';
import { editionOf } from './engines.ts';
import { LabError, LabUsageError } from './errors.ts';
import { prepareImages } from './image/prepare.ts';
import { initsOf } from './inits.ts';
import { openLab } from './lab.ts';
import { type LabRecord, listLabRecords } from './lab-record.ts';
import { readyMachine } from './machine.ts';
import { prepareRootFileSystem } from './root-file-system.ts';
import { describeLab, describeLabs } from './status.ts';
import { removeLab, sweepAbandonedLabs, withLabsLocked } from './sweep.ts';

async function run(command: LabCommand, signal: AbortSignal): Promise<number> {
  switch (command.verb) {
    case 'up': {
      const hosts = command.engines.map((engine) => ({ engine }));
      const lab = await createLastingLab({ hosts, images: command.images, name: command.name, signal });
      process.stdout.write(await describeLab(lab));
      return 0;
    }
    case 'exec': {
      const host = (await openLab(await recordNamed(command.name))).host(command.host);
      const started = await host.spawn(command.args, { stdio: 'inherit', env: terminalEnvironment() });
      signal.addEventListener('abort', () => started.kill('SIGTERM'), { once: true });
      return (await started.exit).exitCode;
    }
    case 'kill':
    case 'start':
    case 'cut':
    case 'heal': {
      const host = (await openLab(await recordNamed(command.name))).host(command.host);
      await host[command.verb]();
      return 0;
    }
    case 'down': {
      const record = await recordNamed(command.name);
      await removeLab(record.index);
      return 0;
    }
    case 'status':
      process.stdout.write(await describeLabs());
      return 0;
    case 'prepare':
      await readyMachine(signal);
      await Promise.all([
        prepareImages(command.images, signal),
        (async () => {
          for (const engine of command.engines)
            for (const init of initsOf(engine)) await prepareRootFileSystem(editionOf(engine), init, signal);
        })(),
      ]);
      return 0;
    case 'sweep': {
      const swept = await withLabsLocked(sweepAbandonedLabs);
      process.stdout.write(`${swept.length} abandoned ${swept.length === 1 ? 'lab' : 'labs'} removed\n`);
      return 0;
    }
    case 'help':
      process.stdout.write(usage);
      return 0;
    default:
      return unreachable(command);
  }
}

async function recordNamed(name: string): Promise<LabRecord> {
  const records = await listLabRecords();
  const found = records.find((record) => record.name === name);
  if (found) return found;
  const others = records.map((record) => record.name).join(', ');
  throw new LabError(`opening lab ${name}: there is none of that name${others === '' ? '' : `; there are ${others}`}`);
}

function terminalEnvironment(): Record<string, string> {
  return process.env.TERM === undefined ? {} : { TERM: process.env.TERM };
}

const stopped = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stopped.abort());
try {
  process.exitCode = await run(parseLabCommand(process.argv.slice(2)), stopped.signal);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof LabUsageError ? 2 : 1;
}
