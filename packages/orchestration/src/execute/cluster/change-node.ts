import {
  type Engine,
  isEngineError,
  type NodeInspect,
  type NodeSpec,
  type SwarmInspect,
  type SwarmSpec,
} from '@drover/engine';

/** How often something that others change at the same time is read and sent again. */
const attempts = 5;

export interface Call {
  readonly signal?: AbortSignal | undefined;
  readonly doing: string;
}

/** Sends the changed spec of a node, against the state that was just read; `undefined` leaves it as it is. */
export async function changeNode(
  manager: Engine,
  nodeId: string,
  change: (node: NodeInspect) => NodeSpec | undefined,
  call: Call,
): Promise<void> {
  await upToDate(async () => {
    const node = await manager.nodes.inspect(nodeId, call);
    const spec = change(node);
    if (spec !== undefined) await manager.nodes.update(nodeId, node.Version.Index, spec, call);
  });
}

/** Sends the changed spec of the Swarm, and what is to be made anew. */
export async function changeSwarm(
  manager: Engine,
  change: (swarm: SwarmInspect) => SwarmSpec | undefined,
  call: Call & {
    readonly rotateWorkerToken?: boolean;
    readonly rotateManagerToken?: boolean;
    readonly rotateManagerUnlockKey?: boolean;
  },
): Promise<void> {
  await upToDate(async () => {
    const swarm = await manager.swarm.inspect({ signal: call.signal, doing: call.doing });
    const spec = change(swarm);
    if (spec !== undefined) await manager.swarm.update(swarm.Version.Index, spec, call);
  });
}

async function upToDate(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (thrown) {
      if (attempt === attempts || !isEngineError(thrown, 'version-conflict')) throw thrown;
    }
  }
}
