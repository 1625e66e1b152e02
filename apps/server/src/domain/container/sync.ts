import { type BundleFile, syncBytes } from '@drover/contract';
import { type Engine, isEngineError } from '@drover/engine';
import { fileArchive } from '@drover/orchestration';
import { Refusal } from '../refusal.ts';
import type { BlobStore } from '../source/blob-store.ts';
import { checkBundlePath } from '../source/bundle-path.ts';

/** A command line has an end: this many of the longest paths fit. */
const pathsAtOnce = 200;

export interface SyncRequest {
  readonly engine: Engine;
  readonly blobs: BlobStore;
  readonly container: string;
  readonly files: readonly BundleFile[];
  /** Absolute paths in the container. */
  readonly remove: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes files into a running container and removes others. Throws `Refusal` for a path that is not canonical, for links and folders, for
 * more than `syncBytes`, and for an image in which nothing can remove a file.
 */
export async function syncContainer(request: SyncRequest): Promise<{ written: number; removed: number }> {
  const { engine, container, remove, signal } = request;
  for (const path of [...request.files.map((file) => file.path), ...remove]) checkContainerPath(path);
  const doing = `synchronising ${container}`;
  const files = await readFiles(request);
  for (let at = 0; at < remove.length; at += pathsAtOnce)
    await removePaths(request, remove.slice(at, at + pathsAtOnce), doing);
  if (files.length > 0) {
    const archive = await fileArchive(files);
    await engine.containers.putArchive(container, '/', archive, { copyUidGid: true, signal, doing });
  }
  return { written: files.length, removed: remove.length };
}

function checkContainerPath(path: string): void {
  checkBundlePath(path);
  if (!path.startsWith('/')) throw new Refusal('invalid', `synchronising: the path ${path} is not absolute`);
}

async function readFiles({ files, blobs }: SyncRequest) {
  const read = [];
  let total = 0;
  for (const file of files) {
    if ('link' in file || 'folder' in file)
      throw new Refusal(
        'invalid',
        `synchronising: ${file.path} is ${'link' in file ? 'a link' : 'a folder'}; only files can be written`,
      );
    if ('sha256' in file && file.size > syncBytes) throw tooLarge(file.path);
    const bytes = await bytesOf(file, blobs);
    total += bytes.length;
    if (total > syncBytes) throw tooLarge(file.path);
    read.push({ path: file.path, bytes, mode: file.mode ?? 0o644, uid: 0, gid: 0 });
  }
  return read;
}

function tooLarge(path: string): Refusal {
  return new Refusal('too-large', `synchronising: with ${path} it is more than ${syncBytes / 1024 ** 2} MB at once`);
}

async function bytesOf(
  file: Exclude<BundleFile, { link: string } | { folder: true }>,
  blobs: BlobStore,
): Promise<Buffer> {
  if ('text' in file) return Buffer.from(file.text);
  if ('base64' in file) return Buffer.from(file.base64, 'base64');
  if ((await blobs.missing([file.sha256])).length > 0)
    throw new Refusal('invalid', `synchronising: ${file.path} was not uploaded`);
  return await blobs.read(file.sha256);
}

/** The engine itself removes nothing in a container, so that its own `rm` has to. */
async function removePaths(
  { engine, container, signal }: SyncRequest,
  paths: readonly string[],
  doing: string,
): Promise<void> {
  const command = ['rm', '-rf', '--', ...paths];
  const body = { Cmd: command, User: '0', AttachStdout: true, AttachStderr: true };
  let said = '';
  try {
    const exec = await engine.exec.create(container, body, { signal, doing });
    const { output } = await engine.exec.start(exec, { signal, doing });
    for await (const { data } of output) said = `${said}${Buffer.from(data).toString()}`.slice(-2000);
    const { ExitCode } = await engine.exec.inspect(exec, { signal, doing });
    if (ExitCode === 0) return;
    if (ExitCode !== 126 && ExitCode !== 127) throw new Refusal('not-now', `${doing}: removing files: ${said.trim()}`);
  } catch (error) {
    if (!isEngineError(error, 'bad-request')) throw error;
  }
  throw new Refusal('not-now', `${doing}: removing files: the image has no program rm`);
}
