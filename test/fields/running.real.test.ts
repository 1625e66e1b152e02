import { createLab, type EngineName, type Lab } from '@drover/lab';
import { type Desired, printPlan } from '@drover/orchestration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences } from './stage/differences.ts';
import { FieldProject } from './stage/field-project.ts';
import { normalise } from './stage/normalise.ts';

const editions: readonly EngineName[] = ['20.10', '28'];

let lab: Lab;

beforeAll(async () => {
  lab = await createLab({ hosts: editions.map((engine) => ({ engine })), images: ['busybox', 'redis'] });
});

afterAll(() => lab?.down());

async function played(
  edition: EngineName,
  play: (project: FieldProject) => Promise<void>,
  file = 'running',
): Promise<void> {
  const host = lab.hosts[editions.indexOf(edition)];
  if (host === undefined) throw new Error(`the lab has no engine ${edition}`);
  const project = await FieldProject.open(lab, host, file);
  try {
    await play(project);
  } finally {
    await project.close();
  }
}

async function deployed({ stage }: FieldProject, desired?: Desired): Promise<void> {
  const { outcome, failure } = await stage.deploy(desired ?? (await stage.desired()));
  expect(failure?.message ?? outcome).toBe('done');
}

/** Where Drover does more than docker compose, whose binds have not the owner and mode asked for; and addresses of one start. */
const more = /^containers running-rights-1 |^containers \S+ NetworkSettings Networks \S+ MacAddress: /;

describe.each(editions)('on Docker Engine %s, what runs', (edition) => {
  it('is what docker compose runs, and docker compose finds nothing to do about it', () =>
    played(edition, async (project) => {
      const { stage } = project;
      await project.compose('up', '--detach', '--quiet-pull');
      const composed = await project.inspect();
      expect(printPlan(await stage.plan(await stage.desired()))).toBe('nothing to do\n');
      await project.remove();

      const desired = await stage.desired();
      await deployed(project, desired);
      const made = await project.inspect();
      expect(printPlan(await stage.plan(desired))).toBe('nothing to do\n');
      const before = await stage.containers();
      expect(await project.compose('up', '--detach')).not.toMatch(/Creat|Recreat/);
      expect(await stage.containers()).toEqual(before);
      expect(differences(normalise(composed), normalise(made)).filter((line) => !more.test(line))).toEqual([]);
    }));

  it('has its secrets and configs with owners and modes, its variables, and what its hooks did', () =>
    played(edition, async (project) => {
      await deployed(project);
      const stat = (service: string, ...paths: string[]) =>
        project.says(service, 'stat', '-c', '%u:%g %a %s', ...paths);
      expect(await stat('files', '/run/secrets/spoken', '/run/secrets/owned', '/etc/written', '/etc/spoken')).toBe(
        '0:0 444 9\n7:8 400 9\n9:8 440 21\n0:0 444 9\n',
      );
      expect(await project.says('files', 'cat', '/etc/written', '/run/secrets/from_file', '/from_file')).toBe(
        'written for the shells3cret\ns3cret\n',
      );
      expect(await stat('rights', '/run/secrets/from_file', '/etc/from_file')).toBe('11:12 640 7\n0:0 600 7\n');
      expect(await project.says('files', 'sh', '-c', 'echo $FROM_SHELL; env | grep -c BARE')).toBe('the shell\n0\n');
      expect(await project.says('hooked', 'cat', '/tmp/user', '/tmp/own')).toBe('0\n/etc\nsaid\n65534\n');
    }));
});

describe('on Docker Engine 28', () => {
  it('a pre_stop hook runs before the stop; a dependent with restart: true restarts; anonymous volumes stay unless renewed', () =>
    played('28', async (project) => {
      const { stage } = project;
      await deployed(project);
      await project.says('healthy', 'sh', '-c', 'echo kept > /anonymous/note');
      const before = await stage.containers();
      const started = await project.startedAt('needs');
      await project.change(/\$\{LEVEL-1\}/, '2');
      const desired = await stage.desired();
      await deployed(project, desired);
      const after = await stage.containers();
      const moved = [...after].filter(([name, id]) => before.get(name) !== id).map(([name]) => name);
      expect(moved).toEqual(['running-healthy-1']);
      expect((await project.startedAt('needs')) > started).toBe(true);
      expect(await project.says('healthy', 'cat', '/anonymous/note')).toBe('kept\n');
      await stage.deploy(desired, { services: ['healthy'], recreate: 'force', renewAnonymousVolumes: true });
      await project.change(/LEVEL: "2"/, 'LEVEL: "3"');
      await stage.deploy(await stage.desired(), { renewAnonymousVolumes: true });
      expect(await project.says('healthy', 'ls', '/anonymous')).toBe('');

      await project.change(/user: nobody/, 'user: "1"');
      await deployed(project);
      expect(await project.says('hooked', 'cat', '/data/last-words')).toBe('0\n/etc\nsaid\nbye\n');
    }));
});

describe.each(editions)('on Docker Engine %s, pre_start hooks', (edition) => {
  it('run before the first start, with the volumes, secrets and settings of the service, and leave no container', () =>
    played(
      edition,
      async (project) => {
        const { stage } = project;
        await deployed(project);
        const said = 'the shell1 said 0 /etc\n';
        expect(await project.says('web', 'cat', '/data/first', '/data/second', '/anonymous/by-hook')).toBe(
          `${said}${said}y\n`,
        );
        expect([...(await stage.containers()).keys()]).toEqual(['pre-start-web-1', 'pre-start-web-2']);

        await project.change(/cp .data.first/, 'echo no table; exit 4; cp /data/first');
        await project.change(/LEVEL: "1"/, 'LEVEL: "2"');
        const { outcome, failure } = await stage.deploy(await stage.desired());
        expect([outcome, failure?.message, failure?.logs]).toEqual([
          'failed',
          expect.stringMatching(/^running pre_start 2 of web: .* ended with code 4$/),
          ['no table'],
        ]);
        const hooks = await stage.engine.containers.list({
          all: true,
          filters: { label: ['com.docker.compose.hook'] },
        });
        expect(hooks).toEqual([]);
      },
      'pre-start',
    ));
});
