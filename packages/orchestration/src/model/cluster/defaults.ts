/** What a Swarm that Drover makes is asked to be, unless somebody says otherwise. */
export const clusterDefaults = {
  /**
   * Milliseconds; Swarm's own default is 5 000. A node is down after three periods without a heartbeat, each half a second more or
   * less: after 3 to 7.5 s. The figures are in docs/decisions/1003-swarm-environments.md.
   */
  heartbeatMs: 2_000,
} as const;
