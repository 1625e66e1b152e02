import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SealError } from './seal-error.ts';

const keyBytes = 32;

/** Reads the key that everything secret is sealed under. Refuses a file that others can read, or that is no key. */
export function readKeyFile(path: string): Buffer {
  let mode: number;
  let key: Buffer;
  try {
    mode = statSync(path).mode;
    key = readFileSync(path);
  } catch (cause) {
    throw new SealError(`reading the key ${path}: it cannot be read; without it nothing sealed can be opened`, {
      cause,
    });
  }
  if ((mode & 0o077) !== 0)
    throw new SealError(`reading the key ${path}: others can read it (chmod 600 ${path} if that was never so)`);
  if (key.length !== keyBytes)
    throw new SealError(`reading the key ${path}: it holds ${key.length} bytes instead of ${keyBytes}`);
  return key;
}

/** Makes a new key, on disk before this returns. Fails when the file exists. */
export function createKeyFile(path: string): Buffer {
  const key = randomBytes(keyBytes);
  writeDurably(path, key);
  return key;
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
