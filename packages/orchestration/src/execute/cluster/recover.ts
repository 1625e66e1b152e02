import { type Engine, isEngineError } from '@drover/engine';
import { waitForNode } from './wait-for-node.ts';

export interface RecoverRequest {
  /** The manager that the Swarm goes on from. */
  readonly engine: Engine;
  readonly hostName: string;
  readonly address?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a manager the only one of its Swarm, with the state that it has, and waits until it leads. The other managers join anew
 * by the next plans. It is only ever done because somebody said so: what those given up had agreed on without this one is lost.
 */
export async function recoverCluster({ engine, hostName, address, signal }: RecoverRequest): Promise<void> {
  const call = { signal, doing: `recovering the Swarm on ${hostName}` };
  await engine.swarm.init(
    { ForceNewCluster: true, ...(address === undefined ? {} : { AdvertiseAddr: address }) },
    call,
  );
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { Swarm } = await engine.system.info(call);
      await waitForNode(engine, {
        nodeId: Swarm.NodeID,
        until: ({ ManagerStatus }) => ManagerStatus?.Leader === true,
        otherwise: `recovering the Swarm on ${hostName}: it does not lead`,
        signal,
      });
      return;
    } catch (thrown) {
      // Right after the call its new log may not be open yet.
      if (attempt === 5 || !(isEngineError(thrown, 'not-a-manager') || isEngineError(thrown, 'no-leader')))
        throw thrown;
    }
  }
}
