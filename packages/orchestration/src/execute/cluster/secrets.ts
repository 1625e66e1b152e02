/** Where the key that unlocks restarted managers is kept, sealed. It is never shown or logged. */
export interface ClusterSecrets {
  /** The unlock key; null where there is none. */
  load(): Promise<string | null>;
  save(unlockKey: string | null): Promise<void>;
}
