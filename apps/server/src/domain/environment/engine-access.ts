import type { Engine } from '@drover/engine';
import type { HostChanges } from '../host/host-changes.ts';

/** The way to an engine. */
export interface EngineAccess {
  readonly engine: Engine;
  /** Who tells what changes there; the engine's own events where nothing is said. */
  readonly changes?: HostChanges | undefined;
  /** Where it is, in words for people. */
  readonly endpoint: string;
  /** Whether paths of this machine mean the same to it. */
  readonly sharesFiles: boolean;
}
