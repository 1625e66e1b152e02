import { createFakeEngine } from '@drover/engine/fake';
import { expect, test } from 'vitest';
import { executeClusterStep } from '../../src/execute/cluster/steps.ts';

test('an engine that does not take the managers as they are is told with what to do', async () => {
  const [manager, host] = [createFakeEngine(), createFakeEngine()];
  await manager.swarm.init({ AdvertiseAddr: '10.0.0.1' });
  host.control.fail({
    call: 'swarm.join',
    code: 'server',
    reason:
      'connection error: desc = "transport: credentials: cannot check peer: missing selected ALPN property. See …"',
  });
  const joining = executeClusterStep(
    {
      kind: 'swarm-join',
      target: 'n2',
      hostId: 'n2',
      role: 'worker',
      via: ['10.0.0.1'],
      availability: 'active',
      causes: ['it is in no Swarm yet'],
    },
    { engineOf: () => host, manager, secrets: { load: async () => null, save: async () => {} } },
  );
  await expect(joining).rejects.toMatchObject({
    code: 'refused',
    message:
      'letting n2 join the Swarm: an engine from 28 on cannot join by an older one that became a manager since it started; restart or upgrade the engine of such a manager',
  });
});
