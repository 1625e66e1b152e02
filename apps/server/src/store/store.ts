import { existsSync } from 'node:fs';
import type { SecretStore } from '../authority/secret-store.ts';
import type { DataFolder } from '../data-folder.ts';
import type { RegistryStore } from '../domain/credential/registries.ts';
import type { DeploymentStore } from '../domain/deployment/deployment-store.ts';
import type { EnvironmentStore } from '../domain/environment/environment-store.ts';
import type { HostStore } from '../domain/host/host-store.ts';
import type { Log } from '../domain/log.ts';
import type { SessionStore } from '../domain/session-store.ts';
import type { BlobStore } from '../domain/source/blob-store.ts';
import type { Source } from '../domain/source/source.ts';
import type { StackStore } from '../domain/stack/stack-store.ts';
import { createKeyFile, readKeyFile } from '../seal/key-file.ts';
import { SealError } from '../seal/seal-error.ts';
import { createSealer, type Sealer } from '../seal/sealer.ts';
import { backUp, forgetOldBackups } from './backup.ts';
import { blobStore } from './blob.ts';
import { BlobFiles } from './blob-file.ts';
import { type Database, openDatabase } from './database.ts';
import { deploymentStore } from './deployment.ts';
import { environmentStore } from './environment.ts';
import { hostStore } from './host.ts';
import { migrate } from './migrate.ts';
import { registryStore } from './registry.ts';
import { secretStore } from './secret.ts';
import { sessionStore } from './session.ts';
import { allSources } from './source.ts';
import { stackStore } from './stack.ts';
import { StoreError } from './store-error.ts';

/** What is kept of one environment. */
export interface StoredEnvironment {
  readonly stacks: StackStore;
  readonly deployments: DeploymentStore;
}

export interface Store {
  readonly sessions: SessionStore;
  readonly environments: EnvironmentStore;
  /** What is kept of one environment; nothing else can be seen or changed by it. */
  of(environment: string): StoredEnvironment;
  /** The sources of all drafts and revisions, and of deployments that have not ended, whatever their environment. */
  allSources(): Promise<readonly Source[]>;
  readonly registries: RegistryStore;
  readonly blobs: BlobStore;
  readonly hosts: HostStore;
  readonly secrets: SecretStore;
  readonly sealer: Sealer;
  /** A copy of store and key below the data folder. */
  backUp(): { readonly path: string; readonly sizeBytes: number };
  close(): Promise<void>;
}

const keptMigrationBackups = 5;
const keyProof = Buffer.from('drover');

/** Opens the store of a data folder, makes it where there is none, and brings it up to date (after a backup). */
export async function openStore(folder: DataFolder, { log }: { readonly log: Log }): Promise<Store> {
  const isNew = !existsSync(folder.store);
  if (!isNew && !existsSync(folder.key))
    throw new StoreError(
      `opening the store ${folder.store}: its key ${folder.key} is missing, and without it nothing sealed can be read; put it back from a backup`,
    );
  const key = existsSync(folder.key) ? readKeyFile(folder.key) : createKeyFile(folder.key);
  const sealer = createSealer(key);
  const files = new BlobFiles(folder.blobs, key);
  const database = openDatabase(folder.store);
  const copy = (prefix: string) =>
    backUp({
      database: database.sqlite,
      keyFile: folder.key,
      folder: folder.backups,
      name: `${prefix}${new Date().toISOString().replace(/[:.]/g, '-')}`,
    });
  try {
    migrate(database.sqlite, {
      backUp: (version) => {
        const { path } = copy('before-migration-');
        forgetOldBackups(folder.backups, 'before-migration-', keptMigrationBackups);
        log.info({ path, version }, 'backed up the store before its migration');
      },
    });
    proveKey(database, sealer);
    await files.removeUnfinished();
  } catch (error) {
    database.sqlite.close();
    throw error;
  }
  return {
    sessions: sessionStore(database.kysely),
    environments: environmentStore(database.kysely, sealer),
    of(environment) {
      const rows = { db: database.kysely, sealer, environment };
      return { stacks: stackStore(rows), deployments: deploymentStore(rows) };
    },
    allSources: () => allSources(database.kysely, sealer),
    registries: registryStore(database.kysely, sealer),
    blobs: blobStore(database.kysely, files, sealer),
    hosts: hostStore(database.kysely),
    secrets: secretStore(database.kysely, sealer),
    sealer,
    backUp: () => copy('backup-'),
    close: () => database.kysely.destroy().then(() => closeQuietly(database)),
  };
}

// A store with another store's key would fail at the first secret; it is better to say so at the start.
function proveKey({ sqlite }: Database, sealer: Sealer): void {
  const row = sqlite.prepare(`select value from meta where key = 'key-proof'`).get();
  if (row === undefined) {
    sqlite.prepare(`insert into meta (key, value) values ('key-proof', ?)`).run(sealer.seal('key-proof', keyProof));
    return;
  }
  try {
    sealer.open('key-proof', row.value as Uint8Array);
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause;
    throw new StoreError('opening the store: the key file beside it belongs to another store', { cause });
  }
}

// Kysely closes what it opened, which is nothing when no query was run.
function closeQuietly({ sqlite }: Database): void {
  if (sqlite.isOpen) sqlite.close();
}
