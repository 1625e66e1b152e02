import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { createLab, type Lab } from '@drover/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealStage } from '../../packages/orchestration/test/real/real-stage.ts';

const composeFolder = new URL('compose/', import.meta.url);

let lab: Lab;
let stage: RealStage;
let projects = 0;

const stageOf = (folder: string, buildx: boolean): RealStage => {
  const dockerHost = lab.hosts[0]?.dockerHost ?? '';
  return new RealStage({ dockerHost, oracle: lab.oracle, folder, environment: { FROM_SHELL: 'said' }, buildx });
};

beforeAll(async () => {
  lab = await createLab({ hosts: [{ engine: '28' }], images: ['busybox'] });
  stage = stageOf(`${lab.sharedDir}/build`, true);
  await cp(composeFolder, stage.folder, { recursive: true });
  await mkdir(`${stage.folder}/app/empty/below`, { recursive: true });
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  await stage.write({
    'ssh-key': privateKey,
    'compose.yaml': await readFile(new URL('build.yaml', composeFolder), 'utf8'),
  });
  for await (const _ of stage.engine.images.pull('busybox'));
});

afterAll(async () => {
  stage?.engine.close();
  await lab?.down();
});

/** What the built image says of itself when it runs. */
async function saidBy(image: string, ...command: string[]): Promise<string> {
  const { containers } = stage.engine;
  const { Id } = await containers.create({ Image: image, ...(command.length > 0 ? { Cmd: command } : {}) });
  await containers.start(Id);
  await containers.wait(Id);
  let text = '';
  for await (const { data } of containers.logs(Id)) text += Buffer.from(data).toString();
  await containers.remove(Id, { force: true });
  return text;
}

describe('a build', () => {
  it('does what every key of it says', async () => {
    const desired = await stage.desired();
    expect([...desired.images.keys()].sort()).toEqual(['app', 'start']);
    const said = await saidBy('fields-app:and');
    expect(said.split('\n')).toEqual([
      'drover',
      'from the other context',
      String('s3cret\nsaid'.length),
      'yes',
      '10.9.8.7\tfar.example',
      String(16 * 1024),
      '500',
      'lo',
      '',
    ]);
    const image = await stage.engine.images.inspect('fields-app:1');
    expect(image.Config?.Labels).toMatchObject({
      'org.example.built': '1',
      'org.example.start': 'yes',
      'com.docker.compose.service': 'app',
    });
    expect(image.Architecture).toBe('amd64');
    expect((await stage.engine.images.inspect('fields-app:also')).Id).toBe(image.Id);
    expect(await saidBy('fields-app:1', 'find', '/app/empty')).toBe('/app/empty\n/app/empty/below\n');
  });

  it('gives the image that docker compose builds, with labels and settings the same', async () => {
    const ours = await stage.engine.images.inspect('fields-app:1');
    // Newer than the docker compose of the lab.
    const text = await readFile(`${stage.folder}/compose.yaml`, 'utf8');
    await stage.write({ 'compose.yaml': text.replace(/ *no_cache_filter: .*\n/, '') });
    await stage.compose('--progress=quiet', 'build');
    const theirs = await stage.engine.images.inspect('fields-app:1');
    expect(ours.Config).toEqual(theirs.Config);
  });

  /** The error of a build with one more key, or what it built. */
  async function built(setting: string, buildx: boolean): Promise<string> {
    projects += 1;
    const other = stageOf(`${lab.sharedDir}/one${projects}`, buildx);
    const build = `{ context: ., dockerfile_inline: "FROM busybox\\nRUN true", ${setting} }`;
    await other.write({ 'compose.yaml': `services: { web: { build: ${build} } }\n` });
    try {
      const { images } = await other.desired();
      return images.get('web')?.ref ?? 'nothing';
    } catch (thrown) {
      return String(thrown);
    } finally {
      other.engine.close();
    }
  }

  it.each(['no_cache: true', 'pull: true', 'sbom: "false"', 'network: host'])(
    'goes to its end with %s',
    async (setting) => {
      expect(await built(setting, true)).toMatch(/^one\d+-web$/);
    },
  );

  it.concurrent.each(['privileged: true', 'entitlements: [security.insecure]'])(
    'with %s is refused by the engine, in its words',
    async (setting) => {
      expect(await built(setting, true)).toContain('security.insecure');
    },
  );

  it.each([
    'no_cache_filter: [a]',
    'provenance: "true"',
    'sbom: "true"',
    'entitlements: [network.host]',
    'ssh: ["default=./k"]',
    'additional_contexts: { a: . }',
    'cache_to: ["type=inline"]',
    'privileged: true',
  ])('with %s wants buildx, and says so', async (setting) => {
    expect(await built(setting, false)).toContain(`${setting.split(':')[0]} needs docker buildx`);
  });
});
