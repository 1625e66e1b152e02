import type { NodeId } from '@drover/base';
import type { EngineSwarm } from '../api/swarm.ts';
import type { SwarmInspect } from '../model/swarm.ts';
import type { EngineConnection } from './connection.ts';

/** Where the engine listens for other nodes unless told; it refuses a body without an address. */
const defaultListenAddress = '0.0.0.0:2377';

export function createSwarm(connection: EngineConnection): EngineSwarm {
  return {
    inspect: (options) =>
      connection.json<SwarmInspect>({ method: 'GET', path: '/swarm', doing: 'reading the Swarm', options }),
    init: (body, options) =>
      connection.json<NodeId>({
        method: 'POST',
        path: '/swarm/init',
        json: { ...body, ListenAddr: body.ListenAddr || defaultListenAddress },
        doing: 'making a Swarm',
        options,
      }),
    join: (body, options) =>
      connection.done({
        method: 'POST',
        path: '/swarm/join',
        json: { ...body, ListenAddr: body.ListenAddr || defaultListenAddress },
        doing: `joining the Swarm at ${body.RemoteAddrs?.join(', ') || 'no address'}`,
        options,
      }),
    leave: (options) =>
      connection.done({
        method: 'POST',
        path: '/swarm/leave',
        query: { force: options?.force },
        doing: 'leaving the Swarm',
        options,
      }),
    update: (version, spec, options) =>
      connection.done({
        method: 'POST',
        path: '/swarm/update',
        query: {
          version,
          rotateWorkerToken: options?.rotateWorkerToken,
          rotateManagerToken: options?.rotateManagerToken,
          rotateManagerUnlockKey: options?.rotateManagerUnlockKey,
        },
        json: spec,
        doing: 'changing the Swarm',
        options,
      }),
    unlockKey: async (options) => {
      const doing = 'reading the unlock key of the Swarm';
      const answer = await connection.json<{ readonly UnlockKey: string }>({
        method: 'GET',
        path: '/swarm/unlockkey',
        doing,
        options,
      });
      return answer.UnlockKey;
    },
    unlock: (unlockKey, options) =>
      connection.done({
        method: 'POST',
        path: '/swarm/unlock',
        json: { UnlockKey: unlockKey },
        doing: 'unlocking the Swarm',
        options,
      }),
  };
}
