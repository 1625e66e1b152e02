import { lstat, open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import type { ReadOutcome, ResourceReader } from '../load/reader.ts';

export interface FileReaderOptions {
  /** Absolute folder that nothing may leave, through symbolic links neither. Without it the process's own rights hold. */
  readonly root?: string;
}

/** Reads the file system of this machine. */
export function fileReader(options: FileReaderOptions = {}): ResourceReader {
  return {
    read: (uri, maxBytes) => read(uri, maxBytes, options.root),
    kind: async (uri) => {
      if (options.root !== undefined && !(await isInside(options.root, uri))) return 'missing';
      const found = await stat(uri).catch(() => undefined);
      return found === undefined ? 'missing' : found.isDirectory() ? 'directory' : 'file';
    },
    followLinks: (path) => followFirstLink(path),
  };
}

async function read(uri: string, maxBytes: number, root: string | undefined): Promise<ReadOutcome> {
  if (root !== undefined && !(await isInside(root, uri))) {
    return { ok: false, refusal: 'outside', reason: 'it lies outside the folder that may be read' };
  }
  try {
    const file = await open(uri, 'r');
    try {
      const found = await file.stat();
      if (found.isDirectory()) return { ok: false, refusal: 'is-directory', reason: 'it is a folder' };
      if (found.size > maxBytes) return { ok: false, refusal: 'too-large', reason: `it has ${found.size} bytes` };
      return { ok: true, resource: { uri, bytes: await file.readFile() } };
    } finally {
      await file.close();
    }
  } catch (thrown) {
    return refused(thrown);
  }
}

function refused(thrown: unknown): ReadOutcome {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return { ok: false, refusal: 'not-found', reason: 'there is no such file' };
  if (code === 'EACCES' || code === 'EPERM') return { ok: false, refusal: 'unreadable', reason: 'it may not be read' };
  return { ok: false, refusal: 'unreadable', reason: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** A path that does not exist is inside when its nearest existing folder is. */
async function isInside(root: string, path: string): Promise<boolean> {
  const realRoot = await realpath(root).catch(() => root);
  let at = path;
  for (;;) {
    const real = await realpath(at).catch(() => undefined);
    if (real !== undefined) {
      const way = relative(realRoot, real);
      return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
    }
    const up = at.slice(0, Math.max(at.lastIndexOf('/'), 0));
    if (up === '' || up === at) return false;
    at = up;
  }
}

async function followFirstLink(path: string): Promise<string> {
  let at = '';
  for (const part of path.split('/')) {
    if (part === '') continue;
    at += `/${part}`;
    try {
      if (!(await lstat(at)).isSymbolicLink()) continue;
      return path.replace(at, await realpath(at));
    } catch {
      return path;
    }
  }
  return path;
}
