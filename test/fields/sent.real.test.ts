import { createLab, type Lab } from '@drover/lab';
import { execute, type Plan, planDeploy } from '@drover/orchestration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealStage } from '../../packages/orchestration/test/real/real-stage.ts';
import { differences } from './stage/differences.ts';
import { madeOnly } from './stage/made-only.ts';
import { pruned } from './stage/pruned.ts';
import { RecordingProxy } from './stage/recording-proxy.ts';

/**
 * What an engine on Linux, or on this disk and kernel, refuses: there the request tells what became of the key. Docker compose asks
 * for nothing where it reads `credential_spec`.
 */
const refusedHere: Readonly<Record<string, string>> = {
  cpu_rt_period: 'cpu_rt_period: 100000',
  cpu_rt_runtime: 'cpu_rt_runtime: 5000',
  isolation: 'isolation: hyperv',
  storage_opt: 'storage_opt: { size: 1G }',
  credential_spec: 'credential_spec: { file: spec.json }',
  'credential_spec of a config': 'credential_spec: { config: spec }',
  'credential_spec of the registry': 'credential_spec: { registry: spec }',
  runtime: 'runtime: no-such-runtime',
};

/** A plan for an engine on Linux refuses some of them; what counts is what would be sent to an engine that has them. */
async function planned(stage: RealStage): Promise<Plan> {
  const desired = await stage.desired();
  const observed = await stage.observe(desired);
  const { apiVersion } = observed.engine;
  return planDeploy(desired, { ...observed, engine: { apiVersion, os: 'windows' } });
}

let lab: Lab;
let proxy: RecordingProxy;

beforeAll(async () => {
  lab = await createLab({ hosts: [{ engine: '28' }], images: ['busybox'] });
  proxy = await RecordingProxy.open(lab.hosts[0]?.socketPath ?? '', `${lab.sharedDir}/proxy.sock`);
});

afterAll(async () => {
  proxy?.close();
  await lab?.down();
});

describe('what the engine of the lab refuses is asked for as docker compose asks for it', () => {
  it.each(Object.entries(refusedHere))('%s', async (_, setting) => {
    const stage = new RealStage({ dockerHost: proxy.dockerHost, oracle: lab.oracle, folder: `${lab.sharedDir}/sent` });
    await stage.write({
      'compose.yaml': `services: { web: { image: busybox, network_mode: none, ${setting} } }\n`,
    });
    try {
      await stage.compose('create').catch(() => '');
      const [composed] = proxy.take();
      await stage.down();
      await execute(madeOnly(await planned(stage)), stage.engine);
      const [made] = proxy.take();
      expect(made).toBeDefined();
      expect(differences(pruned(composed), pruned(made))).toEqual([]);
    } finally {
      await stage.down();
      stage.engine.close();
    }
  });
});
