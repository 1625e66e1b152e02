import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataFolderError } from './data-folder.ts';
import type { AdminTokenFile } from './domain/session.ts';

/** The admin token as one line of a file that only its owner can read. */
export function adminTokenFile(path: string): AdminTokenFile {
  return {
    path,
    read() {
      let text: string;
      try {
        text = readFileSync(path, 'utf8').trim();
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw new DataFolderError(`reading the admin token ${path}: it cannot be read`, { cause: error });
      }
      if ((statSync(path).mode & 0o077) !== 0)
        throw new DataFolderError(
          `reading the admin token ${path}: others can read it; remove the file, and Drover makes a new one`,
        );
      return text.length >= 32 ? text : undefined;
    },
    replace(token) {
      const next = `${path}.next`;
      const file = openSync(next, 'w', 0o600);
      try {
        writeSync(file, `${token}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(next, path);
      const folder = openSync(dirname(path), 'r');
      try {
        fsyncSync(folder);
      } finally {
        closeSync(folder);
      }
    },
  };
}
