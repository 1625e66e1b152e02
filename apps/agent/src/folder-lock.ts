import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '@drover/base';
import { AgentError } from './agent-error.ts';

/**
 * Takes the folder for this process alone; two agents with one identity would take the tunnel from each other. Fails `data-folder` where
 * another one has it. As the server's: a transaction that is never committed, whose lock the kernel frees when the process dies, also
 * when another program takes its place.
 */
export function lockFolder(path: string): { release(): void } {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
    database.exec('pragma journal_mode = delete; begin exclusive');
  } catch (cause) {
    database?.close();
    const isBusy = cause instanceof Error && /database is locked/i.test(cause.message);
    const why = isBusy
      ? 'another agent runs with it; stop that one, or choose another folder with DROVER_AGENT_DATA'
      : messageOf(cause);
    throw new AgentError('data-folder', `locking the data folder ${path}: ${why}`, { cause });
  }
  const held = database;
  return { release: () => held.close() };
}
