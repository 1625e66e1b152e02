/** What hosts have to know of environments. */
export interface HostEnvironments {
  /** How the environment runs its hosts: an `engine` has exactly one. Undefined for one that does not exist or takes no agents. */
  kindOf(environment: string): 'engine' | 'swarm' | undefined;
}
