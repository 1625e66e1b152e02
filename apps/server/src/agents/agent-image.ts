import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Pack, pack } from 'tar-stream';

const folder = 'usr/local/lib/drover-agent';

export interface AgentImageContent {
  /** The path of the Node for this machine's architecture. */
  readonly node: string;
  readonly agent: Uint8Array;
  readonly version: string;
}

/** Libraries that the C library loads by name while it runs, to look up host names. */
const loadedByName = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'];

/**
 * Writes an image `drover-agent:VERSION` in the format of `docker save`, made without Docker: one layer with Node, the libraries that the
 * dynamic loader names for it, and the agent.
 */
export async function writeAgentImage(path: string, { node, agent, version }: AgentImageContent): Promise<void> {
  const layer = `${path}.layer`;
  const making = `${path}.making`;
  try {
    const files = await layerFiles(node);
    await writeTar(layer, async (tar) => {
      await addFolder(tar, 'etc', 0o755);
      await addFolder(tar, 'tmp', 0o1777);
      // A new volume takes its mode over, and the agent keeps its key in no folder that others can look into.
      await addFolder(tar, 'var/lib/drover-agent', 0o700);
      await addBytes(tar, 'etc/nsswitch.conf', Buffer.from('hosts: files dns\n'));
      await addBytes(tar, 'etc/passwd', Buffer.from('root:x:0:0:root:/:/none\n'));
      await addBytes(tar, `${folder}/agent.mjs`, agent);
      for (const [name, from] of files) await addFile(tar, name, from);
    });
    const digest = await sha256(layer);
    const config = Buffer.from(JSON.stringify(imageConfig(digest, version)));
    const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
    const manifest = [{ Config: configName, RepoTags: [`drover-agent:${version}`], Layers: [`${digest}/layer.tar`] }];
    await writeTar(making, async (tar) => {
      await addBytes(tar, 'manifest.json', Buffer.from(JSON.stringify(manifest)));
      await addBytes(tar, configName, config);
      await addFile(tar, `${digest}/layer.tar`, layer);
    });
    await rename(making, path);
  } finally {
    await Promise.all([layer, making].map((each) => rm(each, { force: true })));
  }
}

/** What goes into the layer beside the agent: names inside, and the files of this machine that they are. */
async function layerFiles(node: string): Promise<Map<string, string>> {
  const libraries = await sharedLibraries(node);
  const files = new Map([[`${folder}/node`, node]]);
  for (const library of libraries) files.set(library.slice(1), await realpath(library));
  const folders = new Set(libraries.map((library) => dirname(library)));
  for (const each of folders) {
    for (const name of loadedByName) {
      const found = await realpath(join(each, name)).catch(() => undefined);
      if (found !== undefined) files.set(join(each, name).slice(1), found);
    }
  }
  return files;
}

/** The absolute paths that the dynamic loader finds for a program: its libraries and the loader itself. */
async function sharedLibraries(program: string): Promise<string[]> {
  // The loader then lists and does not start the program; it is what ldd does.
  const { stdout } = await promisify(execFile)(program, [], {
    env: { LD_TRACE_LOADED_OBJECTS: '1' },
    timeout: 10_000,
  });
  const found = stdout.split('\n').flatMap((line) => /(?:=> )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line)?.[1] ?? []);
  if (!found.some((path) => /^(ld-linux|libc\.so)/.test(basename(path))))
    throw new Error(`the dynamic loader names no C library for ${program}`);
  return found;
}

function imageConfig(layerDigest: string, version: string) {
  const node = `/${folder}/node`;
  return {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    config: {
      Entrypoint: [node, '--disable-warning=ExperimentalWarning', `/${folder}/agent.mjs`],
      Cmd: ['run'],
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'DROVER_AGENT_DATA=/var/lib/drover-agent'],
      Labels: { 'io.drover.agent': version },
      Volumes: { '/var/lib/drover-agent': {} },
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layerDigest}`] },
    history: [{ created: '2026-01-01T00:00:00Z', created_by: 'Drover' }],
  };
}

async function writeTar(path: string, fill: (tar: Pack) => Promise<void>): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createWriteStream(path, { mode: 0o600 }));
  const filled = fill(tar).then(
    () => tar.finalize(),
    (error: Error) => tar.destroy(error),
  );
  await Promise.all([written, filled]);
}

const madeAt = new Date('2026-01-01T00:00:00Z');

function addFolder(tar: Pack, name: string, mode: number): Promise<void> {
  return new Promise((resolve, reject) => {
    tar.entry({ name, type: 'directory', mode, mtime: madeAt }, (error) => (error ? reject(error) : resolve()));
  });
}

function addBytes(tar: Pack, name: string, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const header = { name, mode: 0o644, mtime: madeAt };
    tar.entry(header, Buffer.from(bytes), (error) => (error ? reject(error) : resolve()));
  });
}

async function addFile(tar: Pack, name: string, from: string): Promise<void> {
  const { size, mode } = await stat(from);
  const entry = tar.entry({ name, size, mode: mode & 0o777, mtime: madeAt });
  await pipeline(createReadStream(from, { highWaterMark: 1 << 20 }), entry);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
