import { cleanPath } from '../paths/posix.ts';
import type { ResourceReader } from './reader.ts';

/**
 * Reads from memory: absolute paths and their contents, and nothing else. For an uploaded bundle, an editor, a test.
 */
export function bundleReader(files: ReadonlyMap<string, Uint8Array | string>): ResourceReader {
  const folders = new Set<string>();
  for (const path of files.keys()) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return {
    async read(uri, maxBytes) {
      const path = cleanPath(uri);
      const content = files.get(path);
      if (content === undefined) {
        if (folders.has(path)) return { ok: false, refusal: 'is-directory', reason: 'it is a folder' };
        return { ok: false, refusal: 'not-found', reason: 'there is no such file in the bundle' };
      }
      if (content.length > maxBytes)
        return { ok: false, refusal: 'too-large', reason: `it has ${content.length} bytes` };
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      return { ok: true, resource: { uri: path, bytes } };
    },
    async kind(uri) {
      const path = cleanPath(uri);
      return files.has(path) ? 'file' : folders.has(path) ? 'directory' : 'missing';
    },
  };
}
