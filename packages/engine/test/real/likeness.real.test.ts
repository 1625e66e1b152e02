import { type ContainerCreateBody, type ContainerInspect, createEngine, dialerFor, type Engine } from '@drover/engine';
import { createFakeEngine, type FakeEngine } from '@drover/engine/fake';
import { createLab, type EngineName, type Lab } from '@drover/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const editions: readonly EngineName[] = ['20.10', '26', '28'];

let lab: Lab;

beforeAll(async () => {
  lab = await createLab({ hosts: editions.map((engine) => ({ engine })), images: ['busybox', 'nginx'] });
});

afterAll(async () => {
  await lab?.down();
});

const bodies: { readonly [what: string]: ContainerCreateBody } = {
  'a bare container': { Image: 'busybox', HostConfig: {} },
  'a container with much of its own': {
    Image: 'nginx',
    Cmd: ['serve', '--all'],
    Env: ['PATH=/mine', 'EMPTY=', 'LAST=1'],
    Labels: { a: 'b' },
    User: 'nobody',
    WorkingDir: '/srv',
    Hostname: 'own',
    Domainname: 'example.test',
    Tty: true,
    OpenStdin: true,
    StopSignal: 'SIGINT',
    StopTimeout: 3,
    ExposedPorts: { '81/udp': {} },
    Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 5e9, Retries: 4 },
    HostConfig: {
      RestartPolicy: { Name: 'unless-stopped' },
      Memory: 128 * 1024 * 1024,
      NanoCpus: 500_000_000,
      CapAdd: ['NET_ADMIN'],
      CapDrop: ['MKNOD'],
      Dns: ['10.0.0.1'],
      ExtraHosts: ['db:10.0.0.2'],
      Init: true,
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
      ShmSize: 1024 * 1024,
      Sysctls: { 'net.core.somaxconn': '512' },
      Tmpfs: { '/run': 'size=1m' },
      Ulimits: [{ Name: 'nofile', Soft: 100, Hard: 200 }],
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
      PidsLimit: 50,
      IpcMode: 'shareable',
      OomScoreAdj: 10,
    },
  },
  'a container with volumes': {
    Image: 'busybox',
    Volumes: { '/anonymous': {} },
    HostConfig: {
      Binds: ['likeness:/data:ro', '/tmp:/host'],
      Mounts: [
        { Type: 'volume', Source: 'likeness2', Target: '/more', VolumeOptions: { NoCopy: true } },
        { Type: 'tmpfs', Target: '/fast' },
      ],
    },
  },
  'a container that clears its entry point': { Image: 'nginx', Entrypoint: [''], Cmd: ['true'], HostConfig: {} },
  'a container with an entry point': { Image: 'nginx', Entrypoint: ['sh', '-c'], Cmd: ['true'], HostConfig: {} },
  'a container on a network': {
    Image: 'busybox',
    HostConfig: { NetworkMode: 'likeness', PortBindings: { '80/tcp': [{ HostPort: '8081' }] } },
    ExposedPorts: { '80/tcp': {} },
    NetworkingConfig: { EndpointsConfig: { likeness: { Aliases: ['web'] } } },
  },
};

/** Differs by machine, by chance or by version without a meaning for anybody. */
const incomparable = new Set([
  'Hostname',
  'MaskedPaths',
  'ReadonlyPaths',
  'CgroupnsMode',
  'OomKillDisable',
  'KernelMemory',
  'KernelMemoryTCP',
  'MacAddress',
  'Source',
  'DNSNames',
  'NetworkID',
  'ConsoleSize',
  'Image',
]);

/** Without what is empty, and with names made by chance replaced. */
function meaning(value: unknown): unknown {
  if (value === '') return undefined;
  if (typeof value === 'string') return value.replace(/\b[0-9a-f]{64}\b/g, 'ID').replace(/\b[0-9a-f]{12}\b/g, 'ID');
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(meaning);
  if (typeof value !== 'object' || value === null)
    return value === 0 || value === false || value === null ? undefined : value;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const meant = incomparable.has(key) ? undefined : meaning(inner);
    return meant === undefined ? [] : [[key, meant] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function comparable(inspected: ContainerInspect): unknown {
  const { HostConfig, Config, Path, Args, NetworkSettings } = inspected;
  const mounts = [...inspected.Mounts].sort((a, b) => (a.Destination < b.Destination ? -1 : 1));
  const networks = Object.entries(NetworkSettings.Networks).map(([name, { Aliases }]) => ({
    name,
    aliases: (Aliases ?? []).filter((alias) => !/^[0-9a-f]{12}$/.test(alias)),
  }));
  return meaning({ HostConfig, Config, Path, Args, mounts, networks });
}

for (const [index, edition] of editions.entries()) {
  describe(`Docker Engine ${edition} and the fake one`, () => {
    let real: Engine;
    let fake: FakeEngine;

    beforeAll(async () => {
      real = createEngine({ dialer: dialerFor(lab.hosts[index]!.dockerHost) });
      fake = createFakeEngine({ apiVersion: await real.apiVersion() });
      for (const name of ['busybox', 'nginx']) {
        for await (const _ of real.images.pull(name));
        fake.control.addImage(name, { config: (await real.images.inspect(name)).Config ?? {} });
      }
      for (const engine of [real, fake]) await engine.networks.create({ Name: 'likeness' });
    });

    afterAll(() => real.close());

    it.each(Object.entries(bodies))('show %s alike', async (_, body) => {
      const shown: unknown[] = [];
      for (const engine of [real, fake]) {
        const { Id } = await engine.containers.create(body);
        shown.push(comparable(await engine.containers.inspect(Id)));
        await engine.containers.remove(Id, { volumes: true });
      }
      expect(shown[1]).toEqual(shown[0]);
    });
  });
}
