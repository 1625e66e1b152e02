/** How a plan is made. */
export interface PlanOptions {
  /** Only these services and what they depend on; absent is all. */
  readonly services?: readonly string[];
  /** With `services`: leaves what they depend on as it stands. */
  readonly withoutDependencies?: boolean;
  /**
   * `force` also where nothing changed, unless the very revision that is wanted made the container; `never` not even where
   * something did. Default `changed`.
   */
  readonly recreate?: 'changed' | 'force' | 'never';
  /**
   * Containers of services that the project does not have. `own`: those that Drover made go and others stay, with a
   * notice. Default `own`.
   */
  readonly orphans?: 'own' | 'all' | 'none';
  /** Replicas by service, before what the file says. */
  readonly scale?: ReadonlyMap<string, number>;
  /** `all`: every health check that the plan touches must pass. `dependencies`: only those that something waits for. Default `all`. */
  readonly wait?: 'all' | 'dependencies';
  /**
   * Milliseconds for which old and new containers of a service that is replaced start-first both answer, where the file
   * says nothing (`update_config.monitor`). Default 2 000.
   */
  readonly overlapMs?: number;
  /** Seconds until a stop turns into a kill, instead of each container's own. */
  readonly stopTimeout?: number;
  /** Makes anonymous volumes anew where a container is recreated. */
  readonly renewAnonymousVolumes?: boolean;
  /** Creates and changes, but starts nothing. */
  readonly withoutStart?: boolean;
  /** Containers that are known to have ended by themselves, having done their work: they need not start again. */
  readonly completed?: ReadonlySet<string>;
}

/** What is stopped, started, restarted or taken down. */
export interface SelectionOptions {
  /** Absent is all. */
  readonly services?: readonly string[];
  readonly stopTimeout?: number;
}

export interface DownOptions extends SelectionOptions {
  /** Names, in the engine, of volumes to remove with their data; nothing else ever removes a named volume. */
  readonly volumes?: readonly string[];
  /** Default true. */
  readonly networks?: boolean;
}
