import type { CallOptions, Filters } from '../call-options.ts';
import type { NodeInspect, NodeSpec } from '../model/node.ts';

/** The nodes of the Swarm, asked of a manager. `node` is an id, a unique prefix of one, or a host name. */
export interface EngineNodes {
  /** Filters: `id`, `name`, `role` (that it has, a moment after it was asked to), `membership`, `label` (the engine's), `node.label`. */
  list(options?: CallOptions & { readonly filters?: Filters }): Promise<readonly NodeInspect[]>;
  inspect(node: string, options?: CallOptions): Promise<NodeInspect>;
  /**
   * Replaces the spec of the state with this version; fails `version-conflict` when it has changed since.
   * Demoting the last manager, or one whose going costs the quorum, fails `bad-request`.
   */
  update(node: string, version: number, spec: NodeSpec, options?: CallOptions): Promise<void>;
  /** Takes a node off the list. One that is not down, or a manager, must be forced; fails `bad-request` otherwise. */
  remove(node: string, options?: CallOptions & { readonly force?: boolean }): Promise<void>;
}
