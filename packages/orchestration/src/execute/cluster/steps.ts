import { type Engine, EngineError, isEngineError, type SwarmSpec } from '@drover/engine';
import type { ClusterStep, ClusterStepDetails, ClusterStepKind } from '../../model/cluster/step.ts';
import { changeNode, changeSwarm } from './change-node.ts';
import type { ClusterSecrets } from './secrets.ts';
import { ClusterStepError } from './step-error.ts';
import { waitForNode } from './wait-for-node.ts';

/** What steps are carried out with. */
export interface ClusterStepParts {
  /** The engine of a host, by the host's id. */
  readonly engineOf: (hostId: string) => Engine | undefined;
  /** Any manager of the Swarm. */
  readonly manager: Engine;
  readonly secrets: ClusterSecrets;
}

interface StepContext extends ClusterStepParts {
  readonly signal: AbortSignal | undefined;
  readonly target: string;
}

type Execute<Kind extends ClusterStepKind> = (step: ClusterStepDetails[Kind], context: StepContext) => Promise<void>;

/** One engine call a step, and what has to be known before and after it. Done already is done. */
const executors: { readonly [Kind in ClusterStepKind]: Execute<Kind> } = {
  'swarm-init': async ({ hostId, address, autolock }, context) => {
    const engine = engineOf(hostId, context);
    const call = { signal: context.signal, doing: `making a Swarm on ${context.target}` };
    await unless('already-in-swarm', () =>
      engine.swarm.init(
        { AutoLockManagers: autolock, ...(address === undefined ? {} : { AdvertiseAddr: address }) },
        call,
      ),
    );
    if (autolock) await context.secrets.save(await engine.swarm.unlockKey(call));
  },
  'swarm-join': async ({ hostId, role, address, via, availability }, context) => {
    const engine = engineOf(hostId, context);
    const call = { signal: context.signal, doing: `letting ${context.target} join the Swarm` };
    const { JoinTokens } = await context.manager.swarm.inspect(call);
    await unless('already-in-swarm', () =>
      engine.swarm.join(
        {
          RemoteAddrs: via,
          JoinToken: role === 'manager' ? JoinTokens.Manager : JoinTokens.Worker,
          Availability: availability,
          ...(address === undefined ? {} : { AdvertiseAddr: address }),
        },
        call,
      ),
    ).catch((thrown) => {
      throw joinFailure(call.doing, thrown);
    });
    if (role === 'manager') await untilManager((await engine.system.info(call)).Swarm.NodeID, context);
  },
  'swarm-leave': async ({ hostId, force }, context) => {
    const call = { signal: context.signal, doing: `letting ${context.target} leave its Swarm`, force };
    await unless('not-in-swarm', () => engineOf(hostId, context).swarm.leave(call));
  },
  'swarm-unlock': async ({ hostId }, context) => {
    const doing = `unlocking ${context.target}`;
    const key = await context.secrets.load();
    if (key === null) throw new ClusterStepError('no-key', `${doing}: the unlock key of the Swarm is not kept here`);
    await unless('conflict', () => engineOf(hostId, context).swarm.unlock(key, { signal: context.signal, doing }));
  },
  'swarm-update': async ({ heartbeatMs, taskHistory, autolock }, { manager, secrets, signal }) => {
    const call = { signal, doing: 'changing the Swarm' };
    await changeSwarm(
      manager,
      ({ Spec }): SwarmSpec => ({
        ...Spec,
        ...(heartbeatMs === undefined
          ? {}
          : { Dispatcher: { ...Spec.Dispatcher, HeartbeatPeriod: heartbeatMs * 1e6 } }),
        ...(taskHistory === undefined
          ? {}
          : { Orchestration: { ...Spec.Orchestration, TaskHistoryRetentionLimit: taskHistory } }),
        ...(autolock === undefined
          ? {}
          : { EncryptionConfig: { ...Spec.EncryptionConfig, AutoLockManagers: autolock } }),
      }),
      call,
    );
    if (autolock !== undefined) await secrets.save(autolock ? await manager.swarm.unlockKey(call) : null);
  },
  'swarm-rotate': async ({ token }, { manager, secrets, signal }) => {
    const call = { signal, doing: `making a new ${token}` };
    await changeSwarm(manager, ({ Spec }) => Spec, {
      ...call,
      rotateWorkerToken: token === 'worker-token',
      rotateManagerToken: token === 'manager-token',
      rotateManagerUnlockKey: token === 'unlock-key',
    });
    if (token === 'unlock-key') await secrets.save((await manager.swarm.unlockKey(call)) || null);
  },
  'node-promote': async ({ nodeId }, context) => {
    const call = { signal: context.signal, doing: `making ${context.target} a manager` };
    await changeNode(context.manager, nodeId, ({ Spec }) => ({ ...Spec, Role: 'manager' }), call);
    try {
      await untilManager(nodeId, context);
    } catch (thrown) {
      // Others wait for a change of role; one that does not come about is taken back, so that another host can have its turn. The
      // managers refuse that for a node that is no member of their log yet; once such a node is down it joins anew.
      if (thrown instanceof ClusterStepError)
        await changeNode(context.manager, nodeId, ({ Spec }) => ({ ...Spec, Role: 'worker' }), call).catch(() => {});
      throw thrown;
    }
  },
  'node-demote': async ({ nodeId }, { manager, target, signal }) => {
    const call = { signal, doing: `making ${target} a worker` };
    await changeNode(manager, nodeId, ({ Spec }) => ({ ...Spec, Role: 'worker' }), call);
    await waitForNode(manager, {
      nodeId,
      until: ({ ManagerStatus }) => ManagerStatus == null,
      otherwise: `making ${target} a worker: the managers did not let it go`,
      signal,
    });
  },
  'node-remove': async ({ nodeId }, { manager, target, signal }) => {
    const doing = `taking ${target} off the list of nodes`;
    await unless('not-found', () => manager.nodes.remove(nodeId, { force: true, signal, doing }));
  },
  'node-availability': async ({ nodeId, availability }, { manager, target, signal }) => {
    const call = { signal, doing: `setting ${target} to ${availability}` };
    await changeNode(manager, nodeId, ({ Spec }) => ({ ...Spec, Availability: availability }), call);
  },
  'node-labels': async ({ nodeId, labels }, { manager, target, signal }) => {
    await changeNode(manager, nodeId, ({ Spec }) => ({ ...Spec, Labels: labels }), {
      signal,
      doing: `labelling ${target}`,
    });
  },
};

/** Carries one step out. Rejects with what went wrong, as "doing what: why". */
export async function executeClusterStep(
  step: ClusterStep,
  parts: ClusterStepParts,
  signal?: AbortSignal | undefined,
): Promise<void> {
  const execute = executors[step.kind] as Execute<ClusterStepKind>;
  await execute(step, { ...parts, signal, target: step.target });
}

function engineOf(hostId: string, { engineOf: find, target }: StepContext): Engine {
  const engine = find(hostId);
  if (engine === undefined)
    throw new ClusterStepError('refused', `reaching ${target}: it is no host of this environment`);
  return engine;
}

/** Engines from 28 on do not take their certificate from managers with older ones that were promoted since they started. */
function joinFailure(doing: string, thrown: unknown): unknown {
  if (!(thrown instanceof EngineError && /missing selected ALPN property/.test(thrown.reason))) return thrown;
  const why =
    'an engine from 28 on cannot join by an older one that became a manager since it started; restart or upgrade the engine of such a manager';
  return new ClusterStepError('refused', `${doing}: ${why}`, { cause: thrown });
}

async function untilManager(nodeId: string, { manager, target, signal }: StepContext): Promise<void> {
  await waitForNode(manager, {
    nodeId,
    until: ({ ManagerStatus, Status }) => ManagerStatus?.Reachability === 'reachable' && Status.State === 'ready',
    otherwise: `making ${target} a manager: the others do not reach it as one`,
    signal,
  });
}

async function unless(
  code: 'already-in-swarm' | 'not-in-swarm' | 'conflict' | 'not-found',
  work: () => Promise<unknown>,
) {
  try {
    await work();
  } catch (thrown) {
    if (!isEngineError(thrown, code)) throw thrown;
  }
}
