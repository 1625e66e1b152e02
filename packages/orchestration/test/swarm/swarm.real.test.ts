import { setTimeout as sleep } from 'node:timers/promises';
import { createLab, type Lab } from '@drover/lab';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConvergenceEvent } from '../../src/reconcile/convergence.ts';
import { RealSwarm } from './real-swarm.ts';

const nothing = 'nothing to do\n';

let lab: Lab;
let swarm: RealSwarm;

beforeAll(async () => {
  lab = await createLab({ hosts: [{ engine: '28' }, { engine: '28' }, { engine: '28' }], images: ['busybox'] });
  swarm = await RealSwarm.create(lab);
}, 60_000);

afterAll(async () => {
  swarm?.close();
  await lab?.down();
});

/** A service that ends at once when told to; each comes with what the kernel of a lab can do. */
const service = (name: string, command: string, deploy = '', more = '') => `
  ${name}:
    image: busybox
    command: ["sh", "-c", ${JSON.stringify(`trap 'exit 0' TERM; ${command}`)}]
    stop_grace_period: 1s
    deploy:
      endpoint_mode: dnsrr
      update_config: { monitor: 500ms, parallelism: 0 }
${deploy}
${more}`;
const serve = 'while true; do sleep 0.1; done';
const stack = (...services: string[]) => `services:${services.join('')}`;

it('deploys, changes, and finds nothing to do; what goes leaves nothing', async () => {
  const text = (level: string) =>
    `${stack(
      service('db', serve, '', '    healthcheck: { test: ["CMD", "true"], interval: 300ms }'),
      service(
        'web',
        serve,
        '      replicas: 3',
        `    depends_on: { db: { condition: service_healthy } }
    environment: { LEVEL: "${level}" }
    ports: [{ target: 80, published: "8080", mode: host }]
    configs: [settings]`,
      ),
    )}
configs: { settings: { content: "level ${level}" } }`;
  const first = await swarm.desired('app', text('1'));
  const events: ConvergenceEvent[] = [];
  const made = await swarm.converge(first, null, { onEvent: (event) => events.push(event) });
  expect(made).toEqual({ outcome: 'succeeded', servedRevision: first.revision, changed: true });
  const progress = events.flatMap((event) =>
    event.type === 'execution' && event.event.type === 'progress' ? [event.event.text] : [],
  );
  expect(progress).toContain('app_web: 3 of 3 tasks run');
  expect(await swarm.plan(first)).toBe(nothing);

  const second = await swarm.desired('app', text('2'));
  expect(await swarm.converge(second, first)).toMatchObject({ outcome: 'succeeded', changed: true });
  expect(await swarm.plan(second)).toBe(nothing);
  expect((await swarm.standing('app')).filter((line) => line.startsWith('config'))).toHaveLength(1);

  expect((await swarm.down('app')).failure?.message).toBeUndefined();
  expect(await swarm.settled('app')).toEqual([]);
}, 60_000);

it('puts the whole stack back when one service fails its update, and says why', async () => {
  const text = (level: string, command: string, more = '') =>
    stack(service('api', serve, '', `    environment: { LEVEL: "${level}" }`), service('web', command), more);
  const first = await swarm.desired('back', text('1', serve));
  expect(await swarm.converge(first, null)).toMatchObject({ outcome: 'succeeded' });
  const before = await swarm.standing('back');

  const second = await swarm.desired('back', text('2', 'echo no config; exit 7', service('extra', serve)));
  const result = await swarm.converge(second, first);
  expect(result).toMatchObject({ outcome: 'failed', servedRevision: first.revision });
  expect(result).toMatchObject({
    failure: { reason: 'exited', service: 'web', host: expect.stringMatching(/^n\d$/), logs: ['no config'] },
  });
  expect('failure' in result && result.failure.message).toMatch(
    /^waiting for back_web to run: back_web\.1 on n\d ended with code 7/,
  );
  expect(await swarm.plan(first)).toBe(nothing);
  expect((await swarm.standing('back')).filter((line) => !line.startsWith('container'))).toEqual(
    before.filter((line) => !line.startsWith('container')),
  );
  const env = (await swarm.observe('back')).services.map(({ Spec }) => Spec.TaskTemplate?.ContainerSpec?.Env ?? []);
  expect(env.flat()).toEqual(['LEVEL=1']);
  await swarm.down('back');
}, 60_000);

it('says which hosts do not fit, and takes down what was made', async () => {
  const text = stack(
    service('api', serve),
    service('web', serve, '      placement: { constraints: ["node.labels.zone == b"] }'),
  );
  const result = await swarm.converge(await swarm.desired('place', text), null);
  expect(result).toMatchObject({ outcome: 'failed', servedRevision: null });
  expect('failure' in result && result.failure.message).toMatch(
    /no host can run it: 3 are without node\.labels\.zone == b \(n1, n2, n3\)/,
  );
  expect(await swarm.settled('place')).toEqual([]);
}, 60_000);

it('runs a job before what waits for it, and a job that fails ends the deploy', async () => {
  const text = (code: number) =>
    stack(
      service('migrate', `echo migrating; exit ${code}`, '', '    restart: "no"'),
      service('web', serve, '', '    depends_on: { migrate: { condition: service_completed_successfully } }'),
    );
  const good = await swarm.desired('job', text(0));
  expect(await swarm.converge(good, null)).toMatchObject({ outcome: 'succeeded' });
  expect(await swarm.plan(good)).toBe(nothing);
  await swarm.down('job');
  const result = await swarm.converge(await swarm.desired('job', text(3)), null);
  expect(result).toMatchObject({ outcome: 'failed', failure: { service: 'migrate', logs: ['migrating'] } });
  expect(await swarm.settled('job')).toEqual([]);
}, 60_000);

it('takes over what docker stack deploy made, without a change', async () => {
  const text = `${stack(service('api', serve), service('web', serve, '      replicas: 2', '    networks: [back]'))}
networks: { back: {} }`;
  const desired = await swarm.desired('taken', text);
  const path = `${lab.sharedDir}/taken/compose.yaml`;
  const { exitCode, stderr } = await lab.hosts[0]!.exec(['docker', 'stack', 'deploy', '-c', path, 'taken']);
  expect(exitCode, stderr).toBe(0);
  for (let tries = 0; tries < 50 && (await swarm.plan(desired)).includes('wait'); tries += 1) await sleep(200);
  expect(await swarm.plan(desired)).toBe(nothing);
  await swarm.down('taken');
  expect(await swarm.settled('taken')).toEqual([]);
}, 60_000);
