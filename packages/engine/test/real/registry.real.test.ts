import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, dialerFor, type Engine, type RegistryAuth } from '@drover/engine';
import { createLab, type EngineName, type Lab } from '@drover/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const editions: readonly EngineName[] = ['20.10', '28'];
const credentials = { username: 'drover', password: 'a pässword?>' };

let lab: Lab;

beforeAll(async () => {
  lab = await createLab({
    hosts: editions.map((engine) => ({ engine })),
    images: ['busybox'],
    privateRegistry: credentials,
  });
});

afterAll(async () => {
  await lab?.down();
});

for (const [index, edition] of editions.entries()) {
  describe(`a registry that wants credentials, Docker Engine ${edition}`, () => {
    let engine: Engine;
    let image: string;
    let auth: RegistryAuth;

    beforeAll(() => {
      const buildx = edition === '28' ? join(lab.oracle.configFolder, 'cli-plugins/docker-buildx') : null;
      engine = createEngine({ dialer: dialerFor(lab.hosts[index]!.dockerHost), buildx });
      image = `${lab.privateRegistryAddress}/library/busybox:latest`;
      auth = { ...credentials, serveraddress: lab.privateRegistryAddress };
    });

    afterAll(() => engine.close());

    const drain = async (values: AsyncIterable<unknown>) => {
      for await (const _ of values);
    };

    it('refuses who has none or wrong ones, and takes the right ones', async () => {
      await expect(drain(engine.images.pull(image))).rejects.toMatchObject({
        code: 'unauthorized',
        message: expect.stringMatching(/no basic auth credentials|unauthorized/),
      });
      const wrong = { ...auth, password: 'wrong' };
      await expect(drain(engine.images.pull(image, { auth: wrong }))).rejects.toMatchObject({ code: 'unauthorized' });
      await expect(engine.system.checkRegistryAuth(wrong)).rejects.toMatchObject({ code: 'unauthorized' });
      await expect(engine.images.inspect(image)).rejects.toMatchObject({ code: 'not-found' });
      await engine.system.checkRegistryAuth(auth);
      await drain(engine.images.pull(image, { auth }));
      expect((await engine.images.inspect(image)).RepoTags).toContain(image);
    });

    it('tells what a tag stands for there, and pushes', async () => {
      await drain(engine.images.pull(image, { auth }));
      const there = await engine.distribution.inspect(image, { registryAuth: auth });
      const { RepoDigests } = await engine.images.inspect(image);
      expect(RepoDigests).toContain(`${image.replace(':latest', '')}@${there.Descriptor.digest}`);
      const pushed = `${lab.privateRegistryAddress}/team/copy:${edition}`;
      await engine.images.tag(image, pushed);
      await expect(drain(engine.images.push(pushed))).rejects.toMatchObject({ code: 'unauthorized' });
      await drain(engine.images.push(pushed, { auth }));
      const copy = (await engine.distribution.inspect(pushed, { registryAuth: auth })).Descriptor.digest;
      expect((await engine.images.inspect(pushed)).RepoDigests).toContain(
        `${pushed.replace(`:${edition}`, '')}@${copy}`,
      );
      await expect(
        engine.distribution.inspect(`${lab.privateRegistryAddress}/team/none:1`, { registryAuth: auth }),
      ).rejects.toMatchObject({
        code: 'not-found',
      });
    });

    it('builds from a base image that wants them', async () => {
      const context = mkdtempSync(join(tmpdir(), 'drover-context-'));
      await engine.images.remove(image, { force: true });
      const request = {
        context,
        dockerfileInline: `FROM ${image}\nRUN echo built > /built\n`,
        tags: ['from-private:1'],
        noCache: true,
        pull: true,
      };
      await expect(drain(engine.images.build(request))).rejects.toMatchObject({
        code: 'build-failed',
        message: expect.stringMatching(/no basic auth credentials|unauthorized|denied/i),
      });
      await drain(engine.images.build({ ...request, registryAuth: { [lab.privateRegistryAddress]: auth } }));
      expect((await engine.images.inspect('from-private:1')).Id).toMatch(/^sha256:/);
      const pruned = await engine.images.pruneBuildCache({ all: true });
      expect(pruned.spaceReclaimed).toBeGreaterThanOrEqual(0);
      rmSync(context, { recursive: true });
    });
  });
}
