import { readFileSync } from 'node:fs';
import { createLab, type EngineName, type Lab } from '@drover/lab';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Observed } from '../../src/model/observed.ts';
import { planDeploy } from '../../src/plan/deploy.ts';
import { printPlan } from '../../src/plan/print.ts';
import { RealStage } from './real-stage.ts';

const editions: readonly EngineName[] = ['20.10', '26', '28'];
const wide = readFileSync(new URL('wide.compose.yaml', import.meta.url), 'utf8');
const nothing = 'nothing to do\n';

let lab: Lab;

beforeAll(async () => {
  lab = await createLab({ hosts: editions.map((engine) => ({ engine })), images: ['busybox', 'redis'] });
});

afterAll(() => lab?.down());

for (const [index, edition] of editions.entries()) {
  describe(`Docker Engine ${edition} and the real docker compose`, () => {
    let stage: RealStage;

    beforeEach(async () => {
      const host = lab.hosts[index]!;
      const folder = `${lab.sharedDir}/wide${index}`;
      stage = new RealStage({ dockerHost: host.dockerHost, oracle: lab.oracle, folder });
      await stage.write({ 'compose.yaml': wide, 'secret.txt': 's3cret', 'app.env': 'FROM_FILE=yes\n' });
    });

    afterEach(async () => {
      await stage.compose('down', '-v', '-t', '0');
      stage.engine.close();
    });

    it('adopts what docker compose made with an empty plan, also where its hashes mean nothing', async () => {
      await stage.compose('up', '-d', '--quiet-pull');
      const desired = await stage.desired();
      const observed = await stage.observe(desired);
      expect(printPlan(planDeploy(desired, observed))).toBe(nothing);
      expect(printPlan(planDeploy(desired, withoutHashes(observed, '2.40.3')))).toBe(nothing);
      expect(printPlan(planDeploy(desired, withoutHashes(observed, '2.17.0')))).toBe(nothing);
    });

    it('makes what docker compose finds nothing to do about, and a second plan is empty', async () => {
      const desired = await stage.desired();
      expect(await stage.deploy(desired)).toMatchObject({ outcome: 'done' });
      expect(printPlan(await stage.plan(desired))).toBe(nothing);
      const before = await stage.containers();
      const said = await stage.compose('up', '-d');
      expect(await stage.containers()).toEqual(before);
      expect(said).not.toMatch(/Recreat|Creat/);
    });
  });
}

/** As if another docker compose, whose hashes are computed otherwise, had made everything. */
function withoutHashes(observed: Observed, version: string): Observed {
  const labels = { 'com.docker.compose.config-hash': 'unknown', 'com.docker.compose.version': version };
  const relabelled = <T extends { readonly Labels: object | null }>(object: T): T =>
    object.Labels === null ? object : { ...object, Labels: { ...object.Labels, ...labels } };
  return {
    ...observed,
    containers: observed.containers.map((container) => ({
      ...container,
      Config: { ...container.Config, Labels: { ...container.Config.Labels, ...labels } },
    })),
    networks: observed.networks.map(relabelled),
    volumes: observed.volumes.map(relabelled),
  };
}
