import { createLab, type EngineName, type Lab } from '@drover/lab';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { execute } from '../../src/execute/execute.ts';
import { printPlan } from '../../src/plan/print.ts';
import { cutOffAfter } from '../cut-off-engine.ts';
import { RealStage } from './real-stage.ts';

const editions: readonly EngineName[] = ['20.10', '28'];
const nothing = 'nothing to do\n';

let lab: Lab;

beforeAll(async () => {
  lab = await createLab({ hosts: editions.map((engine) => ({ engine })), images: ['busybox'] });
});

afterAll(() => lab?.down());

/** A service that keeps a page in an anonymous volume, checks itself and ends at once when told to. */
const app = (name: string, extra: string) => `
  ${name}:
    image: busybox
    command: ["sh", "-c", "trap exit TERM; while true; do sleep 0.1; done"]
    stop_grace_period: 2s
${extra
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}`;

const healthy = 'healthcheck: { test: ["CMD", "true"], interval: 300ms, retries: 2 }';
const sick = 'healthcheck: { test: ["CMD", "sh", "-c", "echo no page; false"], interval: 300ms, retries: 2 }';

for (const [index, edition] of editions.entries()) {
  describe(`deploys on Docker Engine ${edition}`, () => {
    let stage: RealStage;

    beforeEach(() => {
      const host = lab.hosts[index]!;
      stage = new RealStage({
        dockerHost: host.dockerHost,
        oracle: lab.oracle,
        folder: `${lab.sharedDir}/app${index}`,
      });
    });

    afterEach(async () => {
      await stage.down();
      stage.engine.close();
    });

    const text = async (container: string, ...Cmd: string[]): Promise<string> => {
      const exec = await stage.engine.exec.create(container, { Cmd, AttachStdout: true, AttachStderr: true });
      const stream = await stage.engine.exec.start(exec);
      let output = '';
      for await (const { data } of stream.output) output += Buffer.from(data).toString();
      return output;
    };

    it('puts the very containers of the revision before back when a health check fails, and says why', async () => {
      await stage.write({
        'compose.yaml': `services:${app('db', healthy)}${app('web', 'depends_on: { db: { condition: service_healthy } }')}`,
      });
      const previous = await stage.desired();
      expect(await stage.converge({ target: previous, previous: null })).toEqual({
        outcome: 'succeeded',
        servedRevision: 1,
        changed: true,
      });
      const before = await stage.containers();
      await stage.write({
        'compose.yaml': `services:${app('db', `${sick}\nenvironment: { LEVEL: "2" }`)}${app('web', 'environment: { LEVEL: "2" }')}${app('more', '')}`,
      });
      const result = await stage.converge({ target: await stage.desired(), previous });
      expect(result).toMatchObject({
        outcome: 'failed',
        servedRevision: 1,
        failure: { reason: 'unhealthy', service: 'db', logs: expect.arrayContaining(['health check: no page']) },
      });
      expect(await stage.containers()).toEqual(before);
      const states = await stage.engine.containers.list({ all: true });
      expect(states.map(({ State }) => State)).toEqual(['running', 'running']);
    });

    it('takes down what was made when the first deploy fails', async () => {
      await stage.write({
        'compose.yaml': `services:${app('web', '')}${app('bad', 'entrypoint: ["/no/such/program"]')}`,
      });
      const result = await stage.converge({ target: await stage.desired(), previous: null });
      expect(result).toMatchObject({ outcome: 'failed', servedRevision: null, failure: { service: 'bad' } });
      expect(result.outcome === 'failed' && result.failure.message).toContain(
        'the image has no program /no/such/program',
      );
      expect((await stage.containers()).size).toBe(0);
      expect((await stage.engine.networks.list()).filter(({ Name }) => Name.startsWith(stage.name))).toEqual([]);
    });

    it('carries anonymous volumes over, and puts secrets and configs in', async () => {
      const file = (level: string, content: string) =>
        `services:${app('web', `volumes: [/data]\nenvironment: { LEVEL: "${level}" }\nconfigs: [{ source: motd, target: /etc/motd, mode: 0440, uid: "7" }]`)}\nconfigs: { motd: { content: "${content}" } }\n`;
      await stage.write({ 'compose.yaml': file('1', 'one') });
      expect(await stage.deploy(await stage.desired())).toMatchObject({ outcome: 'done' });
      const name = `${stage.name}-web-1`;
      await text(name, 'sh', '-c', 'echo kept > /data/file');
      expect(await text(name, 'sh', '-c', 'cat /etc/motd; stat -c " %a %u" /etc/motd')).toBe('one 440 7\n');
      await stage.write({ 'compose.yaml': file('2', 'second') });
      const desired = await stage.desired();
      const plan = await stage.plan(desired);
      expect(plan.services).toEqual([
        { service: 'web', change: 'recreated', causes: ['config motd changed', 'environment LEVEL changed'] },
      ]);
      expect(await stage.deploy(desired)).toMatchObject({ outcome: 'done' });
      expect(await text(name, 'cat', '/data/file', '/etc/motd')).toBe('kept\nsecond');
      expect(printPlan(await stage.plan(desired))).toBe(nothing);
    });

    it('makes a network anew around containers that stay', async () => {
      const file = (subnet: string) =>
        `services:${app('web', 'networks: { back: { aliases: [other] } }')}${app('api', 'networks: [back]')}\nnetworks: { back: { ipam: { config: [{ subnet: ${subnet} }] } } }\n`;
      await stage.write({ 'compose.yaml': file('10.77.1.0/24') });
      await stage.deploy(await stage.desired());
      const before = await stage.containers();
      await stage.write({ 'compose.yaml': file('10.77.2.0/24') });
      const desired = await stage.desired();
      expect(await stage.deploy(desired)).toMatchObject({ outcome: 'done' });
      expect(await stage.containers()).toEqual(before);
      expect(await text(`${stage.name}-api-1`, 'nslookup', 'other')).toContain('10.77.2.');
      expect(printPlan(await stage.plan(desired))).toBe(nothing);
    });

    it('is taken up again after it was killed at any call', async () => {
      const file = (level: string) =>
        `services:${app('db', `${healthy}\nvolumes: [/data]\nenvironment: { LEVEL: "${level}" }`)}${app('web', `scale: 2\nenvironment: { LEVEL: "${level}" }\ndepends_on: { db: { condition: service_healthy, restart: true } }`)}`;
      for (const calls of [2, 7, 11]) {
        await stage.write({ 'compose.yaml': file(`before ${calls}`) });
        expect(await stage.deploy(await stage.desired())).toMatchObject({ outcome: 'done' });
        await stage.write({ 'compose.yaml': file(`after ${calls}`) });
        const desired = await stage.desired();
        await execute(await stage.plan(desired), cutOffAfter(stage.engine, calls));
        expect(await stage.converge({ target: desired, previous: null, resumed: true })).toMatchObject({
          outcome: 'succeeded',
        });
        expect([...(await stage.containers()).keys()]).toEqual(
          ['db-1', 'web-1', 'web-2'].map((name) => `${stage.name}-${name}`),
        );
      }
    });
  });
}
