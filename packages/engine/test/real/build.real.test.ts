import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildRequest, createEngine, dialerFor, type Engine } from '@drover/engine';
import { createLab, type EngineName, type Lab } from '@drover/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../contract/subject.ts';

const editions: readonly EngineName[] = ['20.10', '28'];

let lab: Lab;
let context: string;

beforeAll(async () => {
  lab = await createLab({ hosts: editions.map((engine) => ({ engine })), images: ['busybox'] });
  context = mkdtempSync(join(tmpdir(), 'drover-context-'));
  writeFileSync(join(context, '.dockerignore'), 'ignored\n');
  writeFileSync(join(context, 'ignored'), 'x');
  writeFileSync(join(context, 'message'), 'from the context\n');
  writeFileSync(
    join(context, 'Dockerfile'),
    [
      'FROM busybox AS first',
      'ARG WHO=nobody',
      'RUN test -f /etc/hosts && echo "hello $WHO" > /hello',
      'FROM first AS final',
      'COPY . /ctx',
      'RUN ls /ctx > /listing',
      'CMD cat /hello /ctx/message /listing',
      'FROM first AS broken',
      'RUN echo about to fail && exit 9',
    ].join('\n'),
  );
});

afterAll(async () => {
  await lab?.down();
  rmSync(context, { recursive: true, force: true });
});

for (const [index, edition] of editions.entries()) {
  for (const builder of ['buildx', 'the classic builder'] as const) {
    describe(`Docker Engine ${edition}, ${builder}`, () => {
      let engine: Engine;

      beforeAll(async () => {
        const buildx = builder === 'buildx' ? join(lab.oracle.configFolder, 'cli-plugins/docker-buildx') : null;
        engine = createEngine({ dialer: dialerFor(lab.hosts[index]!.dockerHost), buildx });
        // The BuildKit of 20.10 does not reach a mirror without TLS, but takes what stands in the engine.
        for await (const _ of engine.images.pull('busybox'));
      });

      afterAll(() => engine.close());

      const build = async (request: Partial<BuildRequest>) => {
        let text = '';
        let imageId = '';
        for await (const progress of engine.images.build({ context, tags: ['built:1'], ...request })) {
          if (progress.type === 'line') text += `${progress.text}\n`;
          else imageId = progress.imageId;
        }
        return { text, imageId };
      };

      it('builds from a folder, with arguments, labels and a target', async () => {
        const { imageId } = await build({
          args: { WHO: 'drover', UNSET: null },
          labels: { job: 'build' },
          target: 'final',
          tags: ['built:1', 'built:2'],
        });
        const image = await engine.images.inspect('built:2');
        expect(image.Id).toBe(imageId);
        expect(image.Config?.Labels).toMatchObject({ job: 'build' });
        const { Id } = await engine.containers.create({ Image: imageId });
        await engine.containers.start(Id);
        await engine.containers.wait(Id);
        expect(await textOf(engine.containers.logs(Id))).toMatch(
          /^hello drover\nfrom the context\n(\.dockerignore\n)?(Dockerfile\n)?message\n$/,
        );
        await engine.containers.remove(Id);
      });

      it('builds from the text of a Dockerfile', async () => {
        const { imageId } = await build({ dockerfileInline: 'FROM busybox\nCOPY message /inline\n' });
        expect(imageId).toMatch(/^sha256:/);
      });

      it('throws what broke, after the lines that show it', async () => {
        const lines: string[] = [];
        const building = (async () => {
          for await (const progress of engine.images.build({
            context,
            tags: ['broken:1'],
            target: 'broken',
            noCache: true,
          })) {
            if (progress.type === 'line') lines.push(progress.text);
          }
        })();
        await expect(building).rejects.toMatchObject({
          code: 'build-failed',
          message: expect.stringMatching(/^building broken:1: .*(exit code: 9|returned a non-zero code: 9)/s),
        });
        expect(lines.join('\n')).toContain('about to fail');
      });

      it(builder === 'buildx' ? 'mounts a secret' : 'refuses a secret', async () => {
        const request = {
          dockerfileInline:
            '# syntax\nFROM busybox\nRUN --mount=type=secret,id=token wc -c < /run/secrets/token > /length\nCMD cat /length\n',
          secrets: [{ id: 'token', value: 'twelve bytes' }],
        };
        if (builder === 'buildx') {
          const { imageId, text } = await build(request);
          expect(text).not.toContain('twelve bytes');
          const { Id } = await engine.containers.create({ Image: imageId });
          await engine.containers.start(Id);
          await engine.containers.wait(Id);
          expect(await textOf(engine.containers.logs(Id))).toBe('12\n');
          await engine.containers.remove(Id);
        } else {
          await expect(build(request)).rejects.toMatchObject({
            code: 'unsupported',
            message: expect.stringContaining('secrets needs docker buildx'),
          });
        }
      });
    });
  }
}
