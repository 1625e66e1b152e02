import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { extract, type Header, pack } from 'tar-stream';
import type { PathStat } from '../model/container.ts';
import type { ByteSource, ByteStream } from '../model/stream.ts';
import type { FakeContainer, FakeFile } from './container.ts';
import { notFound } from './failure.ts';

/** The folders that every fake root file system has. */
const standardFolders = new Set([
  '/',
  '/bin',
  '/dev',
  '/etc',
  '/home',
  '/opt',
  '/proc',
  '/root',
  '/run',
  '/srv',
  '/sys',
  '/tmp',
  '/usr',
  '/var',
]);

/** Go's mode bit of a folder. */
const folderBit = 2 ** 31;
const symlinkBit = 2 ** 27;

function isFolder(container: FakeContainer, path: string): boolean {
  return (
    standardFolders.has(path) ||
    path === container.config.WorkingDir ||
    container.files.get(path)?.type === 'directory' ||
    container.mounts.some((mount) => mount.Destination === path)
  );
}

function missing(container: FakeContainer, path: string): Error {
  return notFound(`Could not find the file ${path} in container ${container.name}`);
}

export async function putFakeArchive(container: FakeContainer, path: string, archive: ByteSource): Promise<void> {
  const folder = posix.resolve('/', path);
  if (!isFolder(container, folder)) throw missing(container, path);
  const source = archive instanceof Uint8Array ? Readable.from([archive]) : Readable.from(archive);
  for await (const entry of source.pipe(extract())) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    container.files.set(posix.resolve(folder, entry.header.name), toFile(entry.header, Buffer.concat(parts)));
  }
}

function toFile(header: Header, data: Uint8Array): FakeFile {
  return {
    type: header.type === 'directory' || header.type === 'symlink' ? header.type : 'file',
    mode: header.mode ?? 0o644,
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
    data,
    linkTarget: header.linkname ?? '',
  };
}

export function statFakePath(container: FakeContainer, path: string): PathStat {
  const absolute = posix.resolve('/', path);
  const file = container.files.get(absolute);
  if (file === undefined && !isFolder(container, absolute)) throw missing(container, path);
  const type = file?.type ?? 'directory';
  const typeBit = type === 'directory' ? folderBit : type === 'symlink' ? symlinkBit : 0;
  return {
    name: posix.basename(absolute) || '/',
    size: file?.data.byteLength ?? 4096,
    mode: (file?.mode ?? 0o755) + typeBit,
    mtime: container.created.toISOString(),
    linkTarget: file?.linkTarget ?? '',
  };
}

export function getFakeArchive(container: FakeContainer, path: string): { stat: PathStat; archive: ByteStream } {
  const absolute = posix.resolve('/', path);
  const stat = statFakePath(container, path);
  const base = posix.dirname(absolute);
  const archive = pack();
  for (const [name, file] of container.files) {
    if (name !== absolute && !name.startsWith(`${absolute}/`)) continue;
    const header = { name: posix.relative(base, name), mode: file.mode, uid: file.uid, gid: file.gid };
    if (file.type === 'file') archive.entry(header, Buffer.from(file.data));
    else
      archive.entry({ ...header, type: file.type, ...(file.type === 'symlink' ? { linkname: file.linkTarget } : {}) });
  }
  archive.finalize();
  return { stat, archive: Readable.from(archive) };
}
