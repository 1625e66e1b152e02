import { extname } from 'node:path';
import type { SourceView } from '@drover/contract';
import type { BlobStore } from './blob-store.ts';
import { envFilesOf } from './environment.ts';
import type { Source, SourceFile } from './source.ts';

const editableBytes = 512 * 1024;
const mostTextBytes = 4 * 1024 * 1024;
const mostFiles = 300;
const textKinds = new Set([
  '',
  '.yaml',
  '.yml',
  '.env',
  '.conf',
  '.cfg',
  '.ini',
  '.json',
  '.toml',
  '.txt',
  '.md',
  '.sh',
  '.sql',
]);

/** The files of a source for the editor: texts where they are texts, and of a large build context only the beginning. */
export async function sourceView(source: Source, blobs: BlobStore): Promise<SourceView> {
  const named = new Set([...source.composeFiles, ...envFilesOf(source)]);
  const ordered = [...source.files].sort((a, b) => Number(named.has(b.path)) - Number(named.has(a.path)));
  const shown = ordered.slice(0, mostFiles);
  let left = mostTextBytes;
  const files: SourceView['files'] = [];
  for (const file of shown) {
    const wanted = 'sha256' in file && file.size <= Math.min(left, editableBytes) && isText(file, named);
    if (wanted) left -= file.size;
    files.push(await fileView(file, wanted ? blobs : undefined));
  }
  return {
    ...(source.workingDir === undefined ? {} : { workingDir: source.workingDir }),
    composeFiles: [...source.composeFiles],
    envFiles: [...(source.envFiles ?? [])],
    profiles: [...(source.profiles ?? [])],
    files,
    ...(ordered.length > shown.length ? { moreFiles: ordered.length - shown.length } : {}),
  };
}

async function fileView(file: SourceFile, blobs: BlobStore | undefined): Promise<SourceView['files'][number]> {
  if ('link' in file) return { path: file.path, text: '', editable: false, link: file.link };
  if ('folder' in file) return { path: file.path, text: '', editable: false, folder: true };
  const { path, sha256, size, mode } = file;
  const bytes = await blobs?.read(sha256);
  // What is not valid UTF-8, or holds a NUL, would not survive an editor.
  const text = bytes === undefined || bytes.includes(0) ? undefined : decode(bytes);
  return {
    path,
    text: text ?? '',
    editable: text !== undefined,
    sha256,
    size,
    ...(mode === undefined ? {} : { mode }),
  };
}

function isText(file: SourceFile, named: ReadonlySet<string>): boolean {
  return named.has(file.path) || textKinds.has(extname(file.path).toLowerCase());
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
