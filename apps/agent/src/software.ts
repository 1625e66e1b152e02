import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TunnelError } from '@drover/tunnel';
import { writeAtomically } from './atomic-file.ts';

/** Bytes that a build may have. */
const largestBuild = 64 * 1024 * 1024;

/** Which build runs, beside the one that was installed; builds are named by their SHA-256. */
interface Choice {
  readonly current?: string;
  /** Sent by the server and not yet seen to connect. */
  readonly trying?: string;
}

/**
 * The builds that the server sent.
 * INVARIANTS: a build on trial is started once; only a tunnel that the server welcomed makes it the current one, and only
 * then the one before it goes. Whatever ends a trial otherwise (a crash, a minute without a connection) brings that one back.
 */
export class Software {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The build that a program which was just started by hand or by the machine's init system should hand over to;
   * `undefined` is itself. A trial that has not succeeded by then has failed.
   */
  async chosen(): Promise<string | undefined> {
    const choice = await this.#read();
    if (choice.trying !== undefined) await this.#write(withoutTrial(choice));
    return choice.current !== undefined && (await this.#isWhole(choice.current))
      ? this.#path(choice.current)
      : undefined;
  }

  /** Keeps a build that comes in; fails where it is not what its SHA-256 says. Answers its path; it is on trial then. */
  async receive(sha256: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
    const doing = "receiving the agent's new build";
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TunnelError('message', `${doing}: its SHA-256 is missing`);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const coming = join(this.#folder, `coming-${process.pid}`);
    try {
      const found = await store(coming, bytes, doing);
      if (found !== sha256) throw new TunnelError('message', `${doing}: it came damaged`, { reason: 'damaged' });
      await rename(coming, this.#path(sha256));
    } finally {
      await rm(coming, { force: true });
    }
    await this.#write({ ...(await this.#read()), trying: sha256 });
    return this.#path(sha256);
  }

  /** Whether the program at that path is on trial. */
  async isOnTrial(path: string): Promise<boolean> {
    const { trying } = await this.#read();
    return trying !== undefined && this.#path(trying) === path;
  }

  /** The build on trial has connected: it is the current one from now on, and others go. */
  async confirm(): Promise<void> {
    const { trying } = await this.#read();
    if (trying === undefined) return;
    await this.#write({ current: trying });
    for (const name of await readdir(this.#folder))
      if (name.endsWith('.mjs') && name !== `${trying}.mjs`) await rm(join(this.#folder, name), { force: true });
  }

  #path(sha256: string): string {
    return join(this.#folder, `${sha256}.mjs`);
  }

  async #isWhole(sha256: string): Promise<boolean> {
    const bytes = await readFile(this.#path(sha256)).catch(() => undefined);
    return bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === sha256;
  }

  async #read(): Promise<Choice> {
    try {
      return JSON.parse(await readFile(join(this.#folder, 'choice.json'), 'utf8')) as Choice;
    } catch {
      return {};
    }
  }

  async #write(choice: Choice): Promise<void> {
    await writeAtomically(join(this.#folder, 'choice.json'), JSON.stringify(choice));
  }
}

function withoutTrial({ current }: Choice): Choice {
  return current === undefined ? {} : { current };
}

async function store(path: string, bytes: AsyncIterable<Uint8Array>, doing: string): Promise<string> {
  const hash = createHash('sha256');
  let length = 0;
  const file = await open(path, 'w', 0o600);
  try {
    for await (const part of bytes) {
      length += part.byteLength;
      if (length > largestBuild) throw new TunnelError('message', `${doing}: it is larger than ${largestBuild} bytes`);
      hash.update(part);
      await file.write(part);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
