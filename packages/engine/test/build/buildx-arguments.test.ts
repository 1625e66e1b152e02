import { expect, it } from 'vitest';
import { buildxArguments } from '../../src/build/buildx-arguments.ts';

const files = { imageIdFile: '/tmp/id', secretFile: () => '/tmp/se,cret' };

it('says everything that a request can', () => {
  const request = {
    context: '/ctx',
    dockerfile: 'build/Dockerfile',
    tags: ['web:1', 'web:2'],
    args: { A: '1', EMPTY: '', UNSET: null },
    target: 'final',
    labels: { 'a.b': 'c=d' },
    cacheFrom: ['web:0'],
    cacheTo: ['type=inline'],
    network: 'host',
    extraHosts: ['db:10.0.0.1'],
    shmSize: 1024,
    platform: 'linux/amd64',
    noCache: true,
    pull: true,
    additionalContexts: { base: '/base' },
    secrets: [{ id: 'token', value: 'x' }],
    ssh: ['default'],
    privileged: true,
    entitlements: ['network.host', 'security.insecure'],
    noCacheFilter: ['first'],
    provenance: 'mode=max',
    sbom: 'true',
    ulimits: { nofile: { soft: 1, hard: 2 } },
  };
  expect(buildxArguments(request, files)).toEqual([
    'build',
    '--progress=plain',
    '--load',
    '--iidfile=/tmp/id',
    '--file=/ctx/build/Dockerfile',
    '--tag=web:1',
    '--tag=web:2',
    '--build-arg=A=1',
    '--build-arg=EMPTY=',
    '--label=a.b=c=d',
    '--target=final',
    '--cache-from=web:0',
    '--cache-to=type=inline',
    '--network=host',
    '--add-host=db:10.0.0.1',
    '--shm-size=1024',
    '--platform=linux/amd64',
    '--no-cache',
    '--pull',
    '--build-context=base=/base',
    '--secret=id=token,"src=/tmp/se,cret"',
    '--ssh=default',
    '--allow=security.insecure',
    '--allow=network.host',
    '--no-cache-filter=first',
    '--provenance=mode=max',
    '--sbom=true',
    '--ulimit=nofile=1:2',
    '--',
    '/ctx',
  ]);
});

it('takes nothing of the user for an option', () => {
  const hostile = '--privileged';
  const request = {
    context: '/ctx',
    tags: [hostile],
    args: { [hostile]: hostile },
    target: hostile,
    dockerfile: hostile,
    labels: { [hostile]: hostile },
  };
  const written = buildxArguments(request, files);
  expect(written.filter((argument) => argument === hostile)).toEqual([]);
  expect(written.at(-2)).toBe('--');
});
