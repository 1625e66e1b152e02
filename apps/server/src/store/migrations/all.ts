import { first } from './0001-first.ts';
import { environments } from './0002-environments.ts';
import { hosts } from './0003-hosts.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** All migrations in their order. A released one is never edited. */
export const migrations: readonly Migration[] = [first, environments, hosts];
