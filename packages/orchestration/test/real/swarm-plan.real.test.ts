import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { load, type Project } from '@drover/compose';
import { projectInput } from '@drover/compose/node/project-input';
import { createLab, type EngineName, type Lab, type LabHost } from '@drover/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SwarmDesired } from '../../src/model/swarm/desired.ts';
import type { SwarmObserved } from '../../src/model/swarm/observed.ts';
import { printPlan } from '../../src/plan/print.ts';
import { planSwarmDeploy } from '../../src/plan/swarm/deploy.ts';
import { keyOf } from '../../src/plan/swarm/leftovers.ts';
import { content } from '../swarm/make-swarm-desired.ts';
import { RealSwarm } from './real-swarm.ts';

const editions: readonly EngineName[] = ['20.10', '28'];
const stack = readFileSync(new URL('stack.compose.yaml', import.meta.url), 'utf8');
const nothing = 'nothing to do\n';

let lab: Lab;

beforeAll(async () => {
  lab = await createLab({ hosts: editions.map((engine) => ({ engine })), images: ['busybox'] });
});

afterAll(() => lab?.down());

async function written(folder: string): Promise<Project> {
  await mkdir(folder, { recursive: true });
  const files = {
    'stack.yaml': `version: "3.9"\n${stack}`,
    'compose.yaml': `name: shop\n${stack}`,
    'password.txt': 'hunter2',
    'settings.txt': 'set',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(`${folder}/${name}`, text);
  const found = await projectInput({ cwd: folder, files: [`${folder}/compose.yaml`], environment: {} });
  const loaded = found.ok ? await load(found.input) : undefined;
  if (loaded?.ok !== true) throw new Error(`loading failed: ${JSON.stringify(loaded?.diagnostics)}`);
  return loaded.project;
}

/** The stack with the images that docker found in the registry. */
function desiredOf(project: Project, { services }: SwarmObserved): SwarmDesired {
  const images = services.map((standing) => {
    const key = keyOf('shop', standing);
    const pinned = standing.Spec.TaskTemplate?.ContainerSpec?.Image ?? '';
    expect(pinned).toContain('@sha256:');
    return [key, { ref: project.services[key]?.image ?? '', pinned, config: {} }] as const;
  });
  return {
    identity: { name: 'shop', workingDir: project.workingDir, configFiles: project.composeFiles, envFiles: [] },
    revision: 1,
    project,
    images: new Map(images),
    contents: {
      secrets: new Map([['password', content('hunter2')]]),
      configs: new Map([['settings', content('set')]]),
      files: new Map(),
    },
    facts: { managerApi: '1.41', ipvs: false },
  };
}

for (const [index, edition] of editions.entries()) {
  describe(`a Swarm of Docker Engine ${edition} and the real docker stack deploy`, () => {
    it('takes over what stands with an empty plan, makes the same, and finds it as it should be', async () => {
      const swarm = new RealSwarm(lab.hosts[index] as LabHost);
      const folder = `${lab.sharedDir}/stack${index}`;
      const project = await written(folder);
      const stackDeploy = () =>
        swarm.docker('stack', 'deploy', '--resolve-image', 'always', '-c', `${folder}/stack.yaml`, 'shop');
      const planned = async () => planSwarmDeploy(desired, await swarm.observe('shop'));

      await swarm.docker('swarm', 'init', '--advertise-addr', swarm.host.address);
      await stackDeploy();
      const desired = desiredOf(project, await swarm.observe('shop'));
      expect(printPlan(await planned())).toBe(nothing);

      await swarm.docker('stack', 'rm', 'shop');
      await expect
        .poll(async () => (await swarm.observe('shop')).networks.some(({ Name }) => Name === 'shop_default'), {
          timeout: 60_000,
        })
        .toBe(false);
      const fresh = await planned();
      expect(fresh.operations.filter(({ kind }) => kind.endsWith('-create'))).toHaveLength(7);
      await swarm.apply(fresh);
      expect(printPlan(await planned())).toBe(nothing);

      await stackDeploy();
      const again = await planned();
      expect(
        again.operations.map(({ kind }) => kind),
        printPlan(again),
      ).toEqual(['secret-remove', 'config-remove']);
    });
  });
}
