import { pack } from 'tar-stream';
import type { PutFile } from '../model/operation.ts';

/** The folder that engines mount nothing over and images rarely have. */
const secretsFolder = '/run/secrets/';

/** A tar archive, to be unpacked at `/`, of the files. The engine makes missing folders above them by itself. */
export async function fileArchive(files: readonly PutFile[]): Promise<Uint8Array> {
  const archive = pack();
  if (files.some(({ path }) => path.startsWith(secretsFolder))) {
    archive.entry({ name: secretsFolder.slice(1), type: 'directory', mode: 0o755 });
  }
  for (const { path, bytes, mode, uid, gid } of files) {
    archive.entry({ name: path.replace(/^\//, ''), mode, uid, gid, size: bytes.byteLength }, Buffer.from(bytes));
  }
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
