import type { BundleFile, SourceInput } from '@drover/contract';
import { Refusal } from '../refusal.ts';
import type { BlobStore } from './blob-store.ts';
import { checkBundlePath, checkWorkingDir } from './bundle-path.ts';
import type { Source, SourceFile } from './source.ts';

const mostFiles = 100_000;
const mostBytes = 8 * 1024 ** 3;

/** The largest Compose or env file; the loader has the same bound. */
const composeFileBytes = 8 * 1024 * 1024;

/**
 * Checks a source that came in and keeps its inline contents as blobs. Throws, before anything is kept, for a path that leaves the
 * bundle, two files in one place, or a blob that was not uploaded.
 */
export async function ingestSource(input: SourceInput, blobs: BlobStore): Promise<Source> {
  if (input.files.length > mostFiles)
    throw new Refusal('too-large', `reading the bundle: it has ${input.files.length} files; ${mostFiles} is the most`);
  const workingDir = input.workingDir === undefined ? undefined : checkWorkingDir(input.workingDir);
  const paths = checkPaths(input.files);
  const named = [...input.composeFiles, ...(input.envFiles ?? [])];
  for (const path of named)
    if (!paths.has(checkBundlePath(path)))
      throw new Refusal('invalid', `reading the bundle: it does not hold the file ${path} that it names`);
  const files = await keepFiles(input.files, blobs);
  checkSizes(files, new Set(named));
  return {
    ...(workingDir === undefined ? {} : { workingDir }),
    composeFiles: input.composeFiles,
    ...(input.envFiles === undefined ? {} : { envFiles: input.envFiles }),
    ...(input.profiles === undefined ? {} : { profiles: input.profiles }),
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

function checkPaths(files: readonly BundleFile[]): ReadonlySet<string> {
  const folders = new Set(files.flatMap((file) => ('folder' in file ? [file.path] : [])));
  const paths = new Set<string>();
  for (const { path } of files) {
    if (paths.has(checkBundlePath(path))) throw new Refusal('invalid', `reading the bundle: it holds ${path} twice`);
    paths.add(path);
  }
  for (const path of paths)
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1))
      if (paths.has(path.slice(0, cut)) && !folders.has(path.slice(0, cut)))
        throw new Refusal('invalid', `reading the bundle: ${path.slice(0, cut)} is a file and a folder at once`);
  return paths;
}

async function keepFiles(files: readonly BundleFile[], blobs: BlobStore): Promise<SourceFile[]> {
  const digests = files.flatMap((file) => ('sha256' in file ? [file.sha256] : []));
  const missing = await blobs.missing(digests);
  if (missing.length > 0) {
    const first = files.find((file) => 'sha256' in file && file.sha256 === missing[0]);
    throw new Refusal(
      'invalid',
      `reading the bundle: ${missing.length} of its files were not uploaded, ${first?.path} among them`,
    );
  }
  const sizes = await blobs.sizes(digests);
  const inline = files.flatMap((file) => ('text' in file || 'base64' in file ? [bytesOf(file)] : []));
  const kept = (await blobs.putAll(inline)).values();
  const contents = inline.values();
  return files.map((file): SourceFile => {
    if ('link' in file) return { path: file.path, link: file.link };
    if ('folder' in file) return { path: file.path, folder: true };
    const mode = file.mode === undefined ? {} : { mode: file.mode };
    if ('sha256' in file) return { path: file.path, sha256: file.sha256, size: sizes.get(file.sha256) ?? 0, ...mode };
    return { path: file.path, sha256: kept.next().value ?? '', size: contents.next().value?.length ?? 0, ...mode };
  });
}

function bytesOf(file: { readonly text: string } | { readonly base64: string }): Buffer {
  return 'text' in file ? Buffer.from(file.text) : Buffer.from(file.base64, 'base64');
}

function checkSizes(files: readonly SourceFile[], named: ReadonlySet<string>): void {
  let total = 0;
  for (const file of files) {
    if (!('size' in file)) continue;
    total += file.size;
    if (named.has(file.path) && file.size > composeFileBytes)
      throw new Refusal(
        'too-large',
        `reading ${file.path}: it has ${Math.ceil(file.size / 1024 ** 2)} MB; a Compose or env file may have at most ${composeFileBytes / 1024 ** 2} MB`,
      );
  }
  if (total > mostBytes)
    throw new Refusal('too-large', `reading the bundle: its files have more than ${mostBytes / 1024 ** 3} GB together`);
}
