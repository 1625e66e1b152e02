import type { Origin, Path } from '@drover/compose';
import { describe, expect, test } from 'vitest';
import type { Desired } from '../src/model/desired.ts';
import { PlanError } from '../src/model/errors.ts';
import { type FakeStage, fakeStage } from './fake-stage.ts';
import { makeProject, type ServiceSketch } from './make-project.ts';

/** What stands against a plan, one sentence a line. */
async function problems(stage: FakeStage, desired: Desired): Promise<string> {
  try {
    await stage.plan(desired);
  } catch (thrown) {
    if (thrown instanceof PlanError)
      return thrown.problems.map(({ code, message }) => `${code}: ${message}`).join('\n');
    throw thrown;
  }
  return 'none';
}

async function problemsOf(services: Record<string, ServiceSketch>): Promise<string> {
  const stage = await fakeStage();
  return problems(stage, stage.desired(makeProject(services)));
}

const port = (published: string, host_ip?: string) => ({
  target: 80,
  published,
  protocol: 'tcp',
  ...(host_ip ? { host_ip } : {}),
});

describe('what a project asks of itself', () => {
  test('a circle', async () => {
    const needs = (on: string) => ({ depends_on: { [on]: { condition: 'service_started' as const, required: true } } });
    expect(await problemsOf({ a: needs('b'), b: needs('a') })).toMatchInlineSnapshot(
      `"invalid: the services a, b depend on each other in a circle"`,
    );
  });

  test('volumes of types that a Linux engine without a Swarm has none of', async () => {
    const volumes = (['npipe', 'cluster'] as const).map((type) => ({ type, source: 'x', target: `/${type}` }));
    expect(await problemsOf({ web: { volumes } })).toMatchInlineSnapshot(`
      "unsupported: volumes.type of web is refused on one engine: only Windows has named pipes; bind a socket with \`type: bind\`
      unsupported: volumes.type of web is refused on one engine: only a Swarm has cluster volumes; write \`type: volume\`"
    `);
  });

  test('one name for several containers', async () => {
    expect(await problemsOf({ web: { container_name: 'web', scale: 2 } })).toMatchInlineSnapshot(
      `"invalid: web shall have 2 containers but has one name for them, web; remove "container_name" or the scale"`,
    );
  });

  test('a port twice, and a port for several containers; an address of its own is no clash', async () => {
    expect(await problemsOf({ a: { ports: [port('80')] }, b: { ports: [port('80')] } })).toMatchInlineSnapshot(
      `"port-taken: b publishes port 80/tcp, which a publishes too"`,
    );
    expect(await problemsOf({ a: { ports: [port('80')], scale: 2 } })).toMatchInlineSnapshot(
      `"port-taken: a publishes port 80/tcp more than once, and only one container can have it"`,
    );
    expect(await problemsOf({ a: { ports: [port('80', '127.0.0.1')] }, b: { ports: [port('80', '127.0.0.2')] } })).toBe(
      'none',
    );
    expect(await problemsOf({ a: { ports: [port('8000-8010')], scale: 3 } })).toBe('none');
  });

  test('the health of a service that has no health check', async () => {
    const web = { depends_on: { db: { condition: 'service_healthy' as const, required: true } } };
    expect(await problemsOf({ web, db: {} })).toMatchInlineSnapshot(
      `"invalid: web waits for the health of db, which has no health check"`,
    );
  });

  test('a key that one engine has no use for: refused where it matters, with its place', async () => {
    const stage = await fakeStage();
    const project = makeProject({
      web: { use_api_socket: true, deploy: { mode: 'global', resources: {}, placement: {} } },
    });
    const provenance = (path: Path): Origin => ({
      file: '/srv/compose.yaml',
      line: path.length,
      column: 7,
      start: 0,
      end: 0,
    });
    await expect(stage.plan({ ...stage.desired(project), provenance })).rejects.toThrow(
      /^planning shop: use_api_socket of web is refused on one engine: the socket .* by name \(\/srv\/compose\.yaml:3:7\)$/,
    );
    const { use_api_socket: _, ...web } = project.services.web!;
    const plan = await stage.plan({ ...stage.desired({ ...project, services: { web } }), provenance });
    expect(plan.notices).toEqual([
      {
        message:
          'deploy.mode of web is ignored on one engine: one engine is one host, so that one container is one on every host',
        service: 'web',
        origin: provenance(['services', 'web', 'deploy', 'mode']),
      },
    ]);
  });

  test('what only a newer engine can do is refused on an older one', async () => {
    const services = {
      web: {
        healthcheck: { test: ['CMD', 'true'], start_interval: '1s' },
        volumes: [{ type: 'volume' as const, source: 'data', target: '/d', volume: { subpath: 'x' } }],
      },
    };
    const project = makeProject(services, { volumes: { data: { name: 'shop_data' } } });
    const old = await fakeStage({ apiVersion: '1.43' });
    expect(await problems(old, old.desired(project))).toMatchInlineSnapshot(`
      "unsupported: healthcheck.start_interval of web is refused on one engine: it needs Docker Engine 25 or newer; leave it out, and lower \`interval\`
      unsupported: volumes.volume.subpath of web is refused on one engine: a path within a volume needs Docker Engine 26 or newer; mount the whole volume"
    `);
    const current = await fakeStage();
    expect(await problems(current, current.desired(project))).toBe('none');
  });

  test('a field that was accepted is told of', async () => {
    const stage = await fakeStage();
    const accepted = [
      {
        field: 'service.use_api_socket',
        path: ['services', 'web', 'use_api_socket'],
        reason: 'the socket would be open',
      },
    ];
    const plan = await stage.plan({ ...stage.desired(makeProject({ web: {} })), accepted });
    expect(plan.notices).toEqual([
      {
        message: 'service.use_api_socket of web is left out, as was accepted: the socket would be open',
        service: 'web',
      },
    ]);
  });
});

describe('what stands in the way', () => {
  const project = (services: Record<string, ServiceSketch> = { web: {} }) =>
    makeProject(services, {
      networks: { default: { name: 'shop_default', ipam: {} }, out: { name: 'outside', external: true, ipam: {} } },
      volumes: {
        data: { name: 'shop_data', driver_opts: { type: 'tmpfs' } },
        kept: { name: 'kept', external: true },
      },
    });
  const mount = (source: string) => ({ volumes: [{ type: 'volume' as const, source, target: '/v', volume: {} }] });

  test('an image that is not there', async () => {
    const stage = await fakeStage();
    expect(await problems(stage, { ...stage.desired(project()), images: new Map() })).toMatchInlineSnapshot(
      `"missing-image: web: its image app:1 is not in the engine"`,
    );
  });

  test('external things that are missing', async () => {
    const stage = await fakeStage();
    const services = { web: { ...mount('kept'), networks: { out: null } } };
    expect(await problems(stage, stage.desired(project(services)))).toMatchInlineSnapshot(`
      "missing-network: the network outside is declared as external, and the engine has none of that name
      missing-volume: the volume kept is declared as external, and the engine has none of that name"
    `);
  });

  test('a network and a volume of another project, and ones that nobody claims', async () => {
    const stage = await fakeStage();
    const Labels = { 'com.docker.compose.project': 'other', 'com.docker.compose.network': 'default' };
    await stage.engine.networks.create({ Name: 'shop_default', Labels });
    await stage.engine.volumes.create({ Name: 'shop_data' });
    expect(await problems(stage, stage.desired(project({ web: mount('data') })))).toMatchInlineSnapshot(`
      "foreign-network: the network shop_default exists and belongs to the project other; set "external: true" to use it as it stands, or another "name"
      foreign-volume: the volume shop_data exists and was not made for this project; set "external: true" to use it as it stands, or another "name""
    `);
  });

  test('a volume with other settings is never made anew', async () => {
    const stage = await fakeStage();
    const Labels = { 'com.docker.compose.project': 'shop', 'com.docker.compose.volume': 'data' };
    await stage.engine.volumes.create({ Name: 'shop_data', Labels });
    expect(await problems(stage, stage.desired(project({ web: mount('data') })))).toMatchInlineSnapshot(
      `"volume-differs: the volume shop_data exists with other settings (option type added); Drover never makes a volume anew, since that loses its data: give it another "name", or remove it by name first"`,
    );
  });

  test('a name and a port that a container of somebody else has', async () => {
    const stage = await fakeStage();
    const body = {
      Image: 'app:1',
      Labels: { 'com.docker.compose.project': 'other' },
      HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] } },
    };
    const { Id } = await stage.engine.containers.create(body, { name: 'shop-web-1' });
    await stage.engine.containers.start(Id);
    const found = await problems(stage, stage.desired(project({ web: { ports: [port('8080')] } })));
    expect(found.replaceAll(Id.slice(0, 12), 'ID')).toMatchInlineSnapshot(`
      "name-taken: the name shop-web-1 is taken by the container shop-web-1 (ID) of the project other
      port-taken: web publishes port 8080/tcp, which is taken by the container shop-web-1 (ID) of the project other"
    `);
  });
});
