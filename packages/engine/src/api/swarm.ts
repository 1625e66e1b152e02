import type { NodeId } from '@drover/base';
import type { CallOptions } from '../call-options.ts';
import type { SwarmInitBody, SwarmInspect, SwarmJoinBody, SwarmSpec } from '../model/swarm.ts';

/**
 * The Swarm that an engine is in. `init`, `join`, `leave` and `unlock` are about this engine; everything else, here and in
 * `nodes`, `services`, `tasks`, `secrets` and `configs`, must be asked of a manager and fails
 * - `not-in-swarm` on an engine outside any Swarm, `not-a-manager` on a worker or a manager that is not ready yet,
 * - `swarm-locked` on a manager that waits for the unlock key,
 * - `no-leader` while the managers have no quorum or elect a leader.
 */
export interface EngineSwarm {
  inspect(options?: CallOptions): Promise<SwarmInspect>;
  /** Makes a Swarm with this engine as its manager. Answers its node id. Fails `already-in-swarm`. */
  init(body: SwarmInitBody, options?: CallOptions): Promise<NodeId>;
  /**
   * Joins a Swarm; the token says as what. Fails `already-in-swarm`, `unauthorized` for a wrong token, and `unavailable`
   * after 20 s without an answer, when the engine goes on trying in the background.
   */
  join(body: SwarmJoinBody, options?: CallOptions): Promise<void>;
  /**
   * Ends this engine's part and its tasks, after their grace period. A manager is refused (`unavailable`) unless it was
   * demoted or is forced, which can cost the quorum. Fails `not-in-swarm`.
   */
  leave(options?: CallOptions & { readonly force?: boolean }): Promise<void>;
  /** Replaces the spec of the state with this version; fails `version-conflict` when it has changed since. */
  update(
    version: number,
    spec: SwarmSpec,
    options?: CallOptions & {
      readonly rotateWorkerToken?: boolean;
      readonly rotateManagerToken?: boolean;
      readonly rotateManagerUnlockKey?: boolean;
    },
  ): Promise<void>;
  /** The key that managers need after a restart, a secret; empty without autolock. */
  unlockKey(options?: CallOptions): Promise<string>;
  /** Unlocks this manager. Fails `conflict` when it is not locked, `unauthorized` for a wrong key. */
  unlock(unlockKey: string, options?: CallOptions): Promise<void>;
}
