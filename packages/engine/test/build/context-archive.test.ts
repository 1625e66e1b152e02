import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ContextArchive, packContext } from '../../src/build/context-archive.ts';

let root: string;
let context: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'drover-context-'));
  context = join(root, 'context');
  mkdirSync(join(context, 'src/deep'), { recursive: true });
  mkdirSync(join(context, 'node_modules/x'), { recursive: true });
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\n');
  writeFileSync(join(context, 'src/main'), 'x'.repeat(300_000));
  writeFileSync(join(context, 'src/deep/empty'), '');
  writeFileSync(join(context, 'node_modules/x/index'), 'x');
  writeFileSync(join(root, 'outside'), 'FROM outside\n');
  symlinkSync('../outside', join(context, 'link'));
});

afterEach(() => rmSync(root, { recursive: true }));

async function read({ archive }: ContextArchive): Promise<{ [name: string]: string }> {
  const found: { [name: string]: string } = {};
  for await (const entry of Readable.from(archive).pipe(extract())) {
    let length = '';
    for await (const part of entry) length += (part as Buffer).toString();
    const { name, type, linkname, uid } = entry.header;
    expect(uid).toBe(0);
    found[name] =
      type === 'symlink'
        ? `-> ${linkname}`
        : type === 'directory'
          ? '/'
          : length.length > 20
            ? `${length.length} bytes`
            : length;
  }
  return found;
}

it('packs everything, links as links', async () => {
  const packed = await packContext({ context });
  expect(packed.dockerfile).toBe('Dockerfile');
  expect(await read(packed)).toEqual({
    Dockerfile: 'FROM scratch\n',
    link: '-> ../outside',
    node_modules: '/',
    'node_modules/x': '/',
    'node_modules/x/index': 'x',
    src: '/',
    'src/deep': '/',
    'src/deep/empty': '',
    'src/main': '300000 bytes',
  });
});

it('leaves out what .dockerignore says, but never the Dockerfile', async () => {
  writeFileSync(join(context, '.dockerignore'), '*\n!src/main\n');
  writeFileSync(join(context, 'node_modules/Dockerfile'), 'FROM deep\n');
  expect(Object.keys(await read(await packContext({ context }))).sort()).toEqual([
    '.dockerignore',
    'Dockerfile',
    'src/main',
  ]);
  expect(Object.keys(await read(await packContext({ context, dockerfile: 'node_modules/Dockerfile' })))).toContain(
    'node_modules/Dockerfile',
  );
});

it('carries a Dockerfile from outside, and one that is only text', async () => {
  const outside = await packContext({ context, dockerfile: '../outside' });
  expect((await read(outside))[outside.dockerfile]).toBe('FROM outside\n');
  const inline = await packContext({ context, dockerfileInline: 'FROM text\n' });
  expect((await read(inline))[inline.dockerfile]).toBe('FROM text\n');
});

it('fails for a context that is not there', async () => {
  await expect(packContext({ context: join(root, 'nowhere') })).rejects.toThrow('nowhere');
});

it('packs a large file without a listener for each of its parts', async () => {
  writeFileSync(join(context, 'large'), Buffer.alloc(4 << 20));
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  try {
    expect(await read(await packContext({ context }))).toMatchObject({ large: `${4 << 20} bytes` });
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', note);
  }
  expect(warnings).toEqual([]);
});

it('fails where a file shrinks while it is packed', async () => {
  writeFileSync(join(context, 'a'), Buffer.alloc(4 << 20));
  const { archive } = await packContext({ context });
  const readAll = async () => {
    for await (const part of archive) if (part.byteLength > 1024) truncateSync(join(context, 'a'), 0);
  };
  await expect(readAll()).rejects.toThrow('Size mismatch');
});

it('closes the file that it was packing when its reader leaves', async () => {
  const large = join(context, 'a');
  writeFileSync(large, Buffer.alloc(4 << 20));
  const { archive } = await packContext({ context });
  for await (const part of archive) {
    if (part.byteLength <= 1024) continue;
    expect(openFiles()).toContain(large);
    break;
  }
  await expect.poll(openFiles).not.toContain(large);
});

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((each) => {
    try {
      return readlinkSync(`/proc/self/fd/${each}`);
    } catch {
      return [];
    }
  });
}
