import type { ReadOutcome, ResourceReader } from '@drover/compose';
import type { BlobStore } from './blob-store.ts';
import { absolutePath, type Source } from './source.ts';

/**
 * Reads the files of a source for the Compose loader. There is no file system behind it: what the bundle does not hold cannot be
 * read, wherever a path points.
 */
export function bundleReader(source: Source, workingDir: string, blobs: BlobStore): ResourceReader {
  const files = new Map(source.files.map((file) => [absolutePath(workingDir, file.path), file]));
  const folders = new Set<string>([workingDir]);
  for (const path of files.keys())
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1))
      folders.add(path.slice(0, cut));
  const refuse = (
    refusal: 'not-found' | 'is-directory' | 'too-large' | 'unsupported',
    reason: string,
  ): ReadOutcome => ({
    ok: false,
    refusal,
    reason,
  });
  return {
    async read(uri, maxBytes) {
      if (!uri.startsWith('/')) return refuse('unsupported', 'files from elsewhere are not read by the server');
      const file = files.get(uri);
      if (file === undefined)
        return folders.has(uri)
          ? refuse('is-directory', 'it is a folder')
          : refuse('not-found', 'the stack has no such file');
      if ('link' in file) return refuse('unsupported', 'it is a symbolic link');
      if ('folder' in file) return refuse('unsupported', 'it is a folder');
      if (file.size > maxBytes) return refuse('too-large', `it has ${file.size} bytes; ${maxBytes} is the most`);
      return { ok: true, resource: { uri, bytes: await blobs.read(file.sha256) } };
    },
    async kind(uri) {
      if (folders.has(uri)) return 'directory';
      return files.has(uri) ? 'file' : 'missing';
    },
  };
}
