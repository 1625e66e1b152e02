import type { EnvironmentKind } from '@drover/contract';

/** The environment that is always there: the engine of `DOCKER_HOST`. */
export const localEnvironment = 'local';

export interface EnvironmentRecord {
  readonly name: string;
  readonly kind: EnvironmentKind;
  readonly createdAt: string;
  readonly stackCount: number;
}

export interface EnvironmentStore {
  /** By name, `local` first. */
  list(): Promise<readonly EnvironmentRecord[]>;
  find(name: string): Promise<EnvironmentRecord | undefined>;
  /** Refuses (`taken`) a name that is there. */
  add(name: string, kind: EnvironmentKind): Promise<EnvironmentRecord>;
  /**
   * Forgets it with its old deployments. Refuses (`not-now`) while it has stacks, or a deployment that has not ended; the caller
   * knows that there is one of the name.
   */
  remove(name: string): Promise<void>;
  /** What its kind keeps, sealed; undefined where nothing was kept. The caller knows the type by the kind. */
  settings<Settings>(name: string): Promise<Settings | undefined>;
  saveSettings(name: string, settings: unknown): Promise<void>;
}
