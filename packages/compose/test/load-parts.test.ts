import { expect, test } from 'vitest';
import { bundleReader, dependencyWaves, selectServices, servicesInOrder } from '../src/index.ts';
import { errorsOf, loadFiles, projectOf } from './support.ts';

test('lists what the project reads', async () => {
  const result = await loadFiles({
    'c.yaml':
      'include: [sub/i.yaml]\nservices: {a: {build: {context: ./a, ssh: [default, k=./key]}, env_file: [a.env, {path: no.env, required: false}], secrets: [s], label_file: l.env}, b: {extends: {file: b.yaml, service: b}}}\nsecrets: {s: {file: ./s.txt}}\n',
    'sub/i.yaml': 'services: {i: {image: i}}',
    'sub/.env': 'X=1',
    'a.env': '',
    'l.env': '',
    'b.yaml': 'services: {b: {image: b}}',
  });
  expect(
    result.inputs
      .map(({ kind, uri, read }) => `${kind} ${uri.replace('/app/', '')}${read ? '' : ' (not read)'}`)
      .sort(),
  ).toEqual([
    'build-context a (not read)',
    'compose c.yaml',
    'dockerfile a/Dockerfile (not read)',
    'env-file a.env',
    'env-file no.env (not read)',
    'env-file sub/.env',
    'extends b.yaml',
    'include sub/i.yaml',
    'label-file l.env',
    'secret s.txt (not read)',
    'ssh-key key (not read)',
  ]);
});

test('lists the variables that the files name', async () => {
  const result = await loadFiles(
    { 'c.yaml': 'services: {a: {image: "$A:${B:-b-${C:?must}}", command: "${D-d} $$E"}}' },
    { environment: { A: '1', B: '2' } },
  );
  expect(result.variables).toEqual([
    { name: 'A', required: false, set: true },
    { name: 'B', default: 'b-${C:?must}', required: false, set: true },
    { name: 'C', required: true, set: false },
    { name: 'D', default: 'd', required: false, set: false },
  ]);
});

test('loads chosen services with what they need, and their profiles', async () => {
  const files = {
    'c.yaml':
      'services: {a: {image: a, depends_on: [b]}, b: {image: b}, c: {image: c}, t: {image: t, profiles: [tools], depends_on: [c]}}',
  };
  const names = async (...services: string[]): Promise<string[]> => {
    const { services: active, disabledServices } = await projectOf(files, { services });
    return [Object.keys(active).join(' '), Object.keys(disabledServices).sort().join(' ')];
  };
  expect(await names()).toEqual(['a b c', 't']);
  expect(await names('a')).toEqual(['a b', 'c t']);
  expect(await names('t')).toEqual(['c t', 'a b']);
  expect((await loadFiles(files, { services: ['x'] })).ok).toBe(false);
  const project = await projectOf(files);
  const dependents = selectServices(project, ['b'], 'dependents');
  expect('services' in dependents && Object.keys(dependents.services)).toEqual(['a', 'b']);
  const alone = selectServices(project, ['a'], 'ignore');
  expect('services' in alone && alone.services.a?.depends_on).toBeUndefined();
});

test('orders services in waves', async () => {
  const { services } = await projectOf({
    'c.yaml':
      'services: {d: {image: d, depends_on: [b, c]}, c: {image: c, depends_on: [a]}, b: {image: b, links: [a]}, a: {image: a}}',
  });
  expect(dependencyWaves(services)).toEqual([['a'], ['b', 'c'], ['d']]);
});

test('a name: given, written, from the folder, or refused', async () => {
  const name = async (yaml: string, more: Parameters<typeof projectOf>[1] = {}): Promise<string> =>
    (await projectOf({ 'c.yaml': `${yaml}\nservices: {a: {image: a}}` }, more)).name;
  expect(await name('')).toBe('app');
  expect(await name('', { workingDir: '/srv/My App_2' })).toBe('myapp_2');
  expect(await name('name: Shop.One')).toBe('shopone');
  expect(await name('name: "${N}"', { environment: { N: 'from-env' } })).toBe('from-env');
  expect(await name('name: one', { projectName: 'two' })).toBe('two');
  expect(await name('name: one', { environment: { COMPOSE_PROJECT_NAME: 'three' } })).toBe('three');
  expect(
    (await loadFiles({ 'c.yaml': 'services: {a: {image: a}}' }, { projectName: '../x' })).diagnostics[0]?.code,
  ).toBe('project-name');
  expect((await loadFiles({ 'c.yaml': 'name: "--"\nservices: {a: {image: a}}' })).diagnostics[0]?.code).toBe(
    'project-name',
  );
});

test('ends when its caller gives up', async () => {
  const result = await loadFiles({ 'c.yaml': 'services: {a: {image: a}}' }, { signal: AbortSignal.abort() });
  expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'aborted' }] });
});

test('an include and its includer may say the same, not differ', async () => {
  const included = {
    'i.yaml': 'services: {a: {image: a}}',
    'j.yaml': 'services: {a: {image: a}}',
    'k.yaml': 'services: {a: {image: b}}',
  };
  expect((await loadFiles({ 'c.yaml': 'include: [i.yaml, j.yaml]', ...included })).ok).toBe(true);
  expect((await loadFiles({ 'c.yaml': 'include: [i.yaml, k.yaml]', ...included })).diagnostics[0]?.code).toBe(
    'include',
  );
});

test('a caller reads git and OCI addresses, which are refused with their line otherwise', async () => {
  const files = {
    'c.yaml':
      'include: ["https://git.example/team/db.git#v1:compose.yaml"]\nservices: {a: {extends: {file: "oci://registry.example/base:1", service: base}}}',
  };
  expect(await errorsOf(files)).toEqual([
    'c.yaml:2:33 unsupported: reading oci://registry.example/base:1: remote files cannot be read here',
  ]);
  const asked: string[] = [];
  const memory = bundleReader(
    new Map([
      ['/cache/0/compose.yaml', 'services: {base: {image: from-registry, build: .}}'],
      ['/cache/1/compose.yaml', 'services: {db: {image: from-git, build: ./d}}'],
    ]),
  );
  const project = await projectOf(files, {
    reader: {
      ...memory,
      read: (uri, ...rest) =>
        uri === '/app/c.yaml'
          ? Promise.resolve({ ok: true, resource: { uri, bytes: new TextEncoder().encode(files['c.yaml']) } })
          : memory.read(uri, ...rest),
      fetchRemote: async (address) => ({ ok: true, uri: `/cache/${asked.push(address) - 1}/compose.yaml` }),
    },
  });
  expect(asked).toEqual(['oci://registry.example/base:1', 'https://git.example/team/db.git#v1:compose.yaml']);
  expect(project.services.a?.image).toBe('from-registry');
  expect(project.services.a?.build?.context).toBe('/cache/0');
  expect(project.services.db?.build?.context).toBe('/cache/1/d');
});

test('a needed service that is not active is missed, an optional one left out', async () => {
  const yaml =
    'services: {b: {image: b, profiles: [p]}, g: {image: g, profiles: [s], depends_on: [b]}, h: {image: h, profiles: [s], depends_on: {b: {condition: service_started, required: false}}}}';
  expect(await errorsOf({ 'c.yaml': yaml }, { services: ['g'] })).toEqual(['not-found: there is no service b']);
  expect(Object.keys((await projectOf({ 'c.yaml': yaml }, { services: ['h'] })).services)).toEqual(['h']);
});

test('services go after what they need', async () => {
  const { services } = await projectOf({
    'c.yaml':
      'services: {a: {image: a, depends_on: [z, c]}, z: {image: z, depends_on: [d]}, c: {image: c}, d: {image: d}}',
  });
  expect(servicesInOrder(services)).toEqual(['c', 'd', 'z', 'a']);
});
