import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, chown, glob, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { LabError } from '../errors.ts';
import type { ImageFile } from './recipe.ts';

/** A packed layer: the digest names the compressed bytes, the diff id the tar archive inside. */
export interface Layer {
  readonly path: string;
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
}

/** Packs a folder, the same bytes for the same content. */
export async function packLayer(folder: string, path: string): Promise<Layer> {
  const ordered = ['--sort=name', '--mtime=@1735689600', '--numeric-owner', '--format=gnu'];
  const tar = spawn('tar', ['--create', ...ordered, '--directory', folder, '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('exit', resolve);
  });
  const plain = createHash('sha256');
  const packed = createHash('sha256');
  let size = 0;
  await pipeline(
    tar.stdout,
    tap((chunk) => plain.update(chunk)),
    createGzip({ level: 4 }),
    tap((chunk) => {
      packed.update(chunk);
      size += chunk.length;
    }),
    createWriteStream(path),
  );
  const exitCode = await ended;
  if (exitCode !== 0) throw new LabError(`packing ${folder}: tar ended with ${exitCode}`);
  return { path, digest: `sha256:${packed.digest('hex')}`, diffId: `sha256:${plain.digest('hex')}`, size };
}

/** Gives an empty folder the links of a system whose / and /usr are merged, so that packages of either kind fit in. */
export async function layMergedUsr(folder: string): Promise<void> {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(folder, 'usr', name), { recursive: true });
    await symlink(`usr/${name}`, join(folder, name));
  }
}

/** Writes an image's own files into a folder. */
export async function layFiles(folder: string, files: readonly ImageFile[]): Promise<void> {
  for (const file of files) {
    const path = join(folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    if ('target' in file) {
      await rm(path, { force: true });
      await symlink(file.target, path);
    } else if ('folder' in file) {
      await mkdir(path, { recursive: true });
      if (file.owner !== undefined) await chown(path, file.owner, file.owner);
      if (file.mode !== undefined) await chmod(path, file.mode);
    } else {
      await writeFile(path, file.content);
      await chmod(path, file.mode ?? 0o644);
    }
  }
}

const documentation = [
  'doc',
  'man',
  'locale',
  'info',
  'lintian',
  'bash-completion',
  'bug',
  'menu',
  'vim',
  'apport',
].map((name) => `usr/share/${name}`);
const unused = ['usr/lib/*/gconv', 'usr/lib/systemd', 'etc/init.d', 'etc/systemd', 'etc/logrotate.d', 'etc/cron.d'];

/** Removes what no container needs: documentation, unit files, character sets, and the given patterns. */
export async function leaveOut(folder: string, patterns: readonly string[] = []): Promise<void> {
  for (const pattern of [...documentation, ...unused, ...patterns]) {
    for await (const path of glob(pattern, { cwd: folder }))
      await rm(join(folder, path), { recursive: true, force: true });
  }
}

function tap(look: (chunk: Buffer) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      look(chunk);
      done(null, chunk);
    },
  });
}
