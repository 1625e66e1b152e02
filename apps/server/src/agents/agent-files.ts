import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { messageOf } from '@drover/base';
import type { AgentBuild } from '@drover/tunnel';
import type { AgentSource } from '../domain/host/host-upgrades.ts';
import { Refusal } from '../domain/refusal.ts';
import { installationFolder } from './installation.ts';

/** A file that a machine downloads. */
export interface AgentFile {
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
  open(): Readable;
}

export interface AgentFilesOptions {
  /** The version of the agent that the installation holds. */
  readonly software: string;
  /** The agent as one file, where it is not made from the installation. */
  readonly bundle: string | undefined;
  /** Where images are made, for as long as the server runs. */
  readonly workFolder: string;
}

const architectures = ['x64', 'arm64'] as const;
const bundleMs = 120_000;

/** The agent and the Node that it runs on, as this installation has them. What has to be made is made when it is first asked for. */
export class AgentFiles implements AgentSource {
  readonly software: string;
  readonly #options: AgentFilesOptions;
  #files: Promise<ReadonlyMap<string, AgentFile>> | undefined;
  #bundle: Promise<Buffer> | undefined;
  #image: Promise<AgentFile> | undefined;

  constructor(options: AgentFilesOptions) {
    this.software = options.software;
    this.#options = options;
  }

  /** By the name that they are downloaded by: `agent.mjs`, and `node-linux-ARCH` for every Node that is there. */
  files(): Promise<ReadonlyMap<string, AgentFile>> {
    this.#files ??= this.#collect().catch((error) => {
      this.#files = undefined;
      throw error;
    });
    return this.#files;
  }

  /** The agent as an image for `docker load`; undefined where this machine cannot make it: for another architecture than its own. */
  image(architecture: string): Promise<AgentFile | undefined> {
    const node = this.nodeFor(architecture);
    if (architecture !== process.arch || node === undefined) return Promise.resolve(undefined);
    this.#image ??= this.#makeImage(node).catch((error) => {
      this.#image = undefined;
      throw new Refusal('not-now', `making the image of the agent: ${messageOf(error)}`);
    });
    return this.#image;
  }

  async build(): Promise<AgentBuild> {
    return { software: this.software, bytes: await this.#agent() };
  }

  /** The path of the pinned Node for an architecture, if it is installed. */
  nodeFor(architecture: string): string | undefined {
    const folder = installationFolder();
    const path = folder === undefined ? process.execPath : nodePath(folder, architecture);
    return (folder !== undefined || architecture === process.arch) && existsSync(path) ? path : undefined;
  }

  async #makeImage(node: string): Promise<AgentFile> {
    const path = join(this.#options.workFolder, `agent-image-${process.arch}.tar`);
    const { writeAgentImage } = await import('./agent-image.ts');
    await writeAgentImage(path, { node, agent: await this.#agent(), version: this.software });
    return await onDisk(path);
  }

  async #collect(): Promise<ReadonlyMap<string, AgentFile>> {
    const agent = await this.#agent();
    const files = new Map<string, AgentFile>([['agent.mjs', inMemory(agent)]]);
    for (const architecture of architectures) {
      const path = this.nodeFor(architecture);
      if (path !== undefined) files.set(`node-linux-${architecture}`, await onDisk(path));
    }
    return files;
  }

  #agent(): Promise<Buffer> {
    this.#bundle ??= this.#makeBundle().catch((error) => {
      this.#bundle = undefined;
      throw new Refusal('not-now', `making the agent for hosts: ${messageOf(error)}`);
    });
    return this.#bundle;
  }

  async #makeBundle(): Promise<Buffer> {
    if (this.#options.bundle !== undefined) return await readFile(this.#options.bundle);
    const folder = installationFolder();
    if (folder === undefined)
      throw new Error('this server does not know its installation; name the agent with DROVER_AGENT_BUNDLE');
    const script = join(folder, 'bootstrap', 'bundle.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--path', 'agent'], {
      cwd: folder,
      timeout: bundleMs,
    });
    return await readFile(stdout.trim());
  }
}

function nodePath(folder: string, architecture: string): string {
  return join(folder, 'node_modules', `node-linux-${architecture}`, 'bin', 'node');
}

function inMemory(bytes: Buffer): AgentFile {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { size: bytes.length, sha256, open: () => Readable.from([bytes]) };
}

async function onDisk(path: string): Promise<AgentFile> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return {
    size: (await stat(path)).size,
    sha256: hash.digest('hex'),
    open: () => createReadStream(path, { highWaterMark: 1 << 18 }),
  };
}
