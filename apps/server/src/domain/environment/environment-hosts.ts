import type { Engine } from '@drover/engine';
import type { HostChanges } from '../host/host-changes.ts';

/** A host that joined an environment, as far as the environment cares. */
export interface JoinedHost {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What is wanted of it. */
  readonly availability: 'active' | 'pause' | 'drain';
  /** Whether its agent answers. */
  readonly reachable: boolean;
  /** What other hosts reach it by, as far as is known. */
  readonly address?: string | undefined;
  /** Whether its kernel has IPVS; undefined where it never said. */
  readonly ipvs?: boolean | undefined;
}

/** The hosts that joined an environment, and the ways to their engines. */
export interface EnvironmentHosts {
  /** By name. */
  list(): readonly JoinedHost[];
  /** One of them by its id. */
  get(id: string): JoinedHost | undefined;
  /** The same one for as long as the host is kept. */
  engineOf(id: string): Engine;
  /** Who tells what changes on a host; the events of its engine where that is absent. */
  changesOf?(id: string): HostChanges;
  /** Keeps what is wanted of a host from now on. */
  setPhase(id: string, phase: 'kept' | 'cordoned' | 'draining' | 'drained'): Promise<void>;
  /** Calls back after a host came, went, was reached or lost, or was changed; answers how to stop that. */
  onChange(listener: (id: string) => void): () => void;
}
