import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { type IgnoreRules, readIgnoreRules } from './dockerignore.ts';

export interface ContextArchive {
  /** A tar archive, made while it is read. */
  readonly archive: AsyncIterable<Uint8Array>;
  /** The Dockerfile's path in it. */
  readonly dockerfile: string;
}

interface ContextSource {
  readonly context: string;
  readonly dockerfile?: string | undefined;
  readonly dockerfileInline?: string | undefined;
}

/** The name under which a Dockerfile from elsewhere travels. */
const foreignDockerfile = '.drover.Dockerfile';

/** Packs a folder for the classic builder, without what its `.dockerignore` leaves out and without following links. */
export async function packContext(source: ContextSource): Promise<ContextArchive> {
  const context = await realpath(source.context);
  const wanted = source.dockerfile ?? 'Dockerfile';
  const inside = posixPath(relative(context, isAbsolute(wanted) ? wanted : resolve(context, wanted)));
  const foreign =
    source.dockerfileInline ?? (inside.startsWith('../') ? await readFile(resolve(context, wanted), 'utf8') : null);
  const dockerfile = foreign === null ? inside : foreignDockerfile;
  const rules = readIgnoreRules(await readFile(join(context, '.dockerignore'), 'utf8').catch(() => ''));
  const archive = pack();
  void writeContext(archive, context, rules, dockerfile, foreign).then(
    () => archive.finalize(),
    (thrown: unknown) => archive.destroy(thrown instanceof Error ? thrown : new Error(String(thrown))),
  );
  return { archive: archive as unknown as AsyncIterable<Uint8Array>, dockerfile };
}

async function writeContext(
  archive: Pack,
  context: string,
  rules: IgnoreRules,
  dockerfile: string,
  foreign: string | null,
): Promise<void> {
  if (foreign !== null) archive.entry({ name: foreignDockerfile, mode: 0o644 }, foreign);
  const isClosed = (folder: string) => rules.prunes(folder) && !dockerfile.startsWith(`${folder}/`);
  for await (const path of collectPaths(context, '', isClosed)) {
    if (archive.destroyed) return;
    // The builder needs these two even where they are not for the image.
    const always = path === dockerfile || path === '.dockerignore';
    if (always || !rules.excludes(path)) await writeEntry(archive, context, path);
  }
}

async function* collectPaths(
  context: string,
  folder: string,
  isClosed: (folder: string) => boolean,
): AsyncGenerator<string, void, undefined> {
  const entries = await readdir(join(context, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = posix.join(folder, entry.name);
    yield path;
    if (entry.isDirectory() && !isClosed(path)) yield* collectPaths(context, path, isClosed);
  }
}

async function writeEntry(archive: Pack, context: string, path: string): Promise<void> {
  const absolute = join(context, path);
  const stats = await lstat(absolute);
  const header = { name: path, mode: stats.mode & 0o7777, mtime: stats.mtime, uid: 0, gid: 0 };
  if (stats.isDirectory()) archive.entry({ ...header, type: 'directory' });
  else if (stats.isSymbolicLink()) archive.entry({ ...header, type: 'symlink', linkname: await readlink(absolute) });
  else if (stats.isFile()) {
    // A link that took the file's place meanwhile is not followed out of the context.
    const file = await open(absolute, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      await writeFile(archive, file, header);
    } finally {
      await file.close();
    }
  }
}

async function writeFile(archive: Pack, file: FileHandle, header: { readonly name: string }): Promise<void> {
  const { size } = await file.stat();
  const entry = archive.entry({ ...header, size });
  // Exactly what the header says, also of a file that grows meanwhile; one that shrinks breaks the archive.
  const content = size > 0 ? file.createReadStream({ autoClose: false, start: 0, end: size - 1 }) : Readable.from([]);
  await pipeline(content, entry);
}

function posixPath(path: string): string {
  return path.split(sep).join('/');
}
