import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '@drover/base';
import type { BundleFile } from '@drover/contract';
import { apiErrorFrom } from '../client/api-error.ts';
import { readText } from '../client/link.ts';
import type { Connection } from '../context.ts';
import type { LocalEntry } from './build-context.ts';
import type { CollectedFiles } from './collect.ts';
import { SourceError } from './source-error.ts';

/** Files up to this size travel inside the request, as long as all of them together stay below the second bound. */
const inlineBytes = 64 * 1024;
const inlineTotal = 1024 * 1024;
/** How many files are read or sent at once. */
const parallel = 8;

type FileEntry = Extract<LocalEntry, { kind: 'file' }>;
type Blob = { readonly path: string; readonly entry: FileEntry; readonly sha256: string };

/** Told while blobs are sent. */
export type UploadProgress = (sent: number, total: number) => void;

/**
 * Makes the files known to the server: small ones inline, the others as blobs by their SHA-256, of which only those are sent that the
 * server lacks.
 */
export async function uploadFiles(
  connection: Connection,
  files: CollectedFiles,
  progress: UploadProgress,
): Promise<BundleFile[]> {
  const bundle: BundleFile[] = [];
  const large: { readonly path: string; readonly entry: FileEntry }[] = [];
  let total = 0;
  for (const [path, entry] of files) {
    if (entry.kind === 'link') bundle.push({ path, link: entry.target });
    else if (entry.kind === 'folder') bundle.push({ path, folder: true });
    else if (entry.size <= inlineBytes && total + entry.size <= inlineTotal) {
      total += entry.size;
      bundle.push(await inline(path, entry));
    } else large.push({ path, entry });
  }
  if (large.length === 0) return bundle;
  const blobs = await inParallel(
    large,
    async ({ path, entry }): Promise<Blob> => ({ path, entry, sha256: await digest(entry) }),
  );
  const { missing } = await connection.client.blobs.missing({
    sha256: [...new Set(blobs.map(({ sha256 }) => sha256))],
  });
  const wanted = new Set(missing);
  // Equal files are sent once.
  const toSend = blobs.filter(({ sha256 }) => wanted.delete(sha256));
  let sent = 0;
  await inParallel(toSend, async (blob) => {
    await send(connection, blob);
    sent += 1;
    progress(sent, toSend.length);
  });
  for (const { path, entry, sha256 } of blobs) bundle.push({ path, sha256, size: entry.size, ...modeOf(entry) });
  return bundle;
}

async function inline(path: string, entry: FileEntry): Promise<BundleFile> {
  const bytes = await readFile(entry.file).catch((error: unknown) => {
    throw new SourceError(`reading ${entry.file}: ${plainReason(error)}`, { cause: error });
  });
  const text = bytes.toString('utf8');
  const mode = modeOf(entry);
  return Buffer.from(text, 'utf8').equals(bytes)
    ? { path, text, ...mode }
    : { path, base64: bytes.toString('base64'), ...mode };
}

function modeOf({ mode }: FileEntry): { mode?: number } {
  return mode === 0o644 ? {} : { mode };
}

async function digest({ file }: FileEntry): Promise<string> {
  // Loaded only where there is something to hash: it is slow to load.
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw new SourceError(`reading ${file}: ${plainReason(error)}`, { cause: error });
  }
  return hash.digest('hex');
}

async function send({ link }: Connection, { entry, sha256 }: Blob): Promise<void> {
  const body = entry.size === 0 ? Buffer.alloc(0) : createReadStream(entry.file, { end: entry.size - 1 });
  const headers = { 'content-type': 'application/octet-stream', 'content-length': entry.size };
  const response = await link.send('PUT', `/blobs/${sha256}`, headers, body, undefined);
  const text = await readText(response);
  if ((response.statusCode ?? 500) >= 400) {
    const error = apiErrorFrom(response.statusCode ?? 500, text, 'uploading');
    throw new SourceError(`uploading ${entry.file}: ${error.message} (did it change meanwhile?)`, { cause: error });
  }
}

/** Applies `work` to all items, so many at a time, in order of the results. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
  return results;
}

function plainReason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'you may not read it';
  return code === 'ENOENT' ? 'it is gone' : messageOf(error);
}
