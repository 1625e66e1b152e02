import type { TunnelState } from '@drover/tunnel';
import { writeAtomically } from './atomic-file.ts';
import { type DataFolder, readOwnFile } from './data-folder.ts';

/** How a running agent stands with its server, for `status`. */
export interface StandingState {
  readonly pid: number;
  readonly at: string;
  readonly state: TunnelState;
}

/** Writes the newest state, one write at a time; states that were overtaken are left out. */
export class StateFile {
  readonly #path: string;
  #next: StandingState | undefined;
  #writing: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  note(state: TunnelState): void {
    this.#next = { pid: process.pid, at: new Date().toISOString(), state };
    this.#writing ??= this.#write();
  }

  /** Resolves once the newest state is on disk. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#next !== undefined) {
      const next = this.#next;
      this.#next = undefined;
      // Only `status` misses it; a full disk must not end the tunnel.
      await writeAtomically(this.#path, `${JSON.stringify(next)}\n`).catch(() => {});
    }
    this.#writing = undefined;
  }
}

export async function readState(folder: DataFolder): Promise<StandingState | undefined> {
  try {
    const text = await readOwnFile(folder.state);
    return text === undefined ? undefined : (JSON.parse(text) as StandingState);
  } catch {
    return undefined;
  }
}
