import { fileURLToPath } from 'node:url';
import { load, type Project } from '@drover/compose';
import { projectInput } from '@drover/compose/node/project-input';
import { usedKeys } from './stage/model-keys.ts';

/** Where a key is shown to do what it says. */
export interface Shown {
  /** From the root of the repository. */
  readonly test: string;
  /** A text of that test, or of the file that it plays, which holds the key. */
  readonly text: string;
}

const fields = (file: string): string => fileURLToPath(new URL(`compose/${file}.yaml`, import.meta.url));

/** Files whose every key a test holds: against docker compose, or against what the container or image is. */
const played: readonly { readonly file: string; readonly test: string }[] = [
  ...['created', 'since-26', 'since-28'].map((name) => ({
    file: fields(name),
    test: 'test/fields/parity.real.test.ts',
  })),
  ...['running', 'pre-start'].map((name) => ({ file: fields(name), test: 'test/fields/running.real.test.ts' })),
  { file: fields('build'), test: 'test/fields/build.real.test.ts' },
  {
    file: fileURLToPath(new URL('../scenarios/watch/compose.yaml', import.meta.url)),
    test: 'test/scenarios/watch.real.test.ts',
  },
];

const sent = 'test/fields/sent.real.test.ts';
const build = 'test/fields/build.real.test.ts';
const refused = 'packages/orchestration/test/refused-keys.test.ts';
const hooks = 'packages/orchestration/test/pre-start.test.ts';
const problems = 'packages/orchestration/test/problems.test.ts';
const inFile = (file: string, text: string): Shown => ({ test: `test/fields/compose/${file}.yaml`, text });

/** Keys that no played file can have: the engine of the lab refuses them, or the loader has done their work, or Drover refuses them. */
export const elsewhere: Readonly<Record<string, Shown>> = {
  'service.cpu_rt_period': { test: sent, text: 'cpu_rt_period: 100000' },
  'service.cpu_rt_runtime': { test: sent, text: 'cpu_rt_runtime: 5000' },
  'service.isolation': { test: sent, text: 'isolation: hyperv' },
  'service.storage_opt': { test: sent, text: 'storage_opt: { size: 1G }' },
  'service.credential_spec': { test: sent, text: 'credential_spec: { file: spec.json }' },
  'service.pull_policy': { test: 'test/fields/pull-policy.real.test.ts', text: 'pull_policy:' },
  'service.env_file': inFile('created', 'env_file:'),
  'service.extends': inFile('created', 'extends: { service: words }'),
  'service.profiles': inFile('running', 'profiles: [never]'),
  'service.attach': inFile('created', 'attach: false'),
  'service.credential_spec.file': { test: sent, text: 'credential_spec: { file: spec.json }' },
  'service.credential_spec.config': { test: sent, text: 'credential_spec: { config: spec }' },
  'service.credential_spec.registry': { test: sent, text: 'credential_spec: { registry: spec }' },
  'service.provider': { test: refused, text: 'provider: { provider:' },
  'service.provider.type': { test: refused, text: "type: 'cloud'" },
  'service.provider.options': { test: refused, text: 'options: {' },
  'service.models': { test: refused, text: 'models: { models:' },
  'service.models.endpoint_var': { test: refused, text: 'endpoint_var:' },
  'service.models.model_var': { test: refused, text: 'model_var:' },
  'service.use_api_socket': { test: refused, text: 'use_api_socket: true' },
  'service.build.isolation': { test: refused, text: "isolation: 'hyperv'" },
  'secret.external': { test: refused, text: 'external: true' },
  'secret.driver': { test: refused, text: "driver: 'vault'" },
  'secret.driver_opts': { test: refused, text: 'driver_opts: {' },
  'secret.template_driver': { test: refused, text: "template_driver: 'golang'" },
  'config.external': { test: refused, text: 'external: true' },
  'config.driver': { test: refused, text: "driver: 'vault'" },
  'config.driver_opts': { test: refused, text: 'driver_opts: {' },
  'config.template_driver': { test: refused, text: "template_driver: 'golang'" },
  'service.extends.file': { test: 'packages/compose/test/load-parts.test.ts', text: 'extends: {file: b.yaml' },
  'service.extends.service': inFile('created', 'extends: { service: words }'),
  'service.post_start.privileged': { test: hooks, text: 'privileged: true' },
  'service.pre_stop.privileged': { test: hooks, text: 'privileged: true' },
  'service.pre_start.privileged': { test: hooks, text: 'privileged: true' },
  'service.develop.watch.exec.privileged': { test: hooks, text: 'privileged: true' },
  'service.build.privileged': { test: build, text: 'privileged: true' },
  'service.build.no_cache': { test: build, text: 'no_cache: true' },
  'service.build.pull': { test: build, text: 'pull: true' },
  'service.build.sbom': { test: build, text: 'sbom: "true"' },
  'service.pre_start.per_replica': { test: 'packages/orchestration/test/pre-start.test.ts', text: 'per_replica: true' },
  'network.external': { test: problems, text: 'external: true' },
  'volume.external': { test: problems, text: 'external: true' },
};

/** Keys that the model has from docker compose's own structs and that no Compose file can hold: its schema knows none of them. */
export const unwritable: readonly RegExp[] = [
  /^service\.(?:dockerfile|log_driver|log_opt|net|volume_driver)$/,
  /^service\.(?:post_start|pre_stop|develop\.watch\.exec)\.(?:image|per_replica)$/,
  /^service\.deploy\.resources\.limits\.(?:devices|generic_resources)/,
  /^service\.deploy\.resources\.reservations\.pids$/,
  /^secret\.content$/,
];

/** The test that shows each key: of those that files use the first file's, and what stands in `elsewhere`. */
export async function collectShownBy(): Promise<ReadonlyMap<string, Shown>> {
  const shown = new Map<string, Shown>();
  for (const { file, test } of played) {
    for (const key of keysOf(await projectOf(file)))
      if (!shown.has(key)) shown.set(key, { test, text: file.slice(file.lastIndexOf('/') + 1) });
  }
  for (const [key, where] of Object.entries(elsewhere)) shown.set(key, where);
  return shown;
}

async function projectOf(file: string): Promise<Project> {
  const found = await projectInput({
    cwd: file.slice(0, file.lastIndexOf('/')),
    files: [file],
    environment: { FROM_SHELL: 'x' },
  });
  const loaded = found.ok ? await load(found.input) : undefined;
  if (loaded?.ok !== true) throw new Error(`loading ${file} failed`);
  return loaded.project;
}

function keysOf({ services, networks, volumes, secrets, configs }: Project): Set<string> {
  const sections = { service: services, network: networks, volume: volumes, secret: secrets, config: configs };
  return new Set(
    Object.entries(sections).flatMap(([root, objects]) =>
      Object.values<object>(objects).flatMap((object) => usedKeys(root as keyof typeof sections, object)),
    ),
  );
}
