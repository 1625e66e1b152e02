import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judge, load, type Path, type Project } from '@drover/compose';
import { projectInput } from '@drover/compose/node/project-input';
import type { Rule, RuleTree } from '@drover/compose/verdict/rule';
import { sections, table } from '@drover/compose/verdict/table/table';
import { expect, test } from 'vitest';
import type { SwarmFacts } from '../../src/model/swarm/desired.ts';
import { planSwarmDeploy } from '../../src/plan/swarm/deploy.ts';
import { makeSwarmDesired } from './make-swarm-desired.ts';
import { ModelSwarm } from './model-swarm.ts';

const file = fileURLToPath(new URL('fields.compose.yaml', import.meta.url));
const facts: SwarmFacts = { managerApi: '1.52', cgroupVersion: 1 };

async function project(): Promise<Project> {
  const found = await projectInput({ cwd: dirname(file), files: [file], environment: {} });
  const loaded = found.ok ? await load(found.input) : undefined;
  if (loaded?.ok !== true) throw new Error(`loading failed: ${JSON.stringify(loaded?.diagnostics)}`);
  return loaded.project;
}

/** What a manager is asked for, as text; what cannot be planned is an answer too. */
function asked(wanted: Project): string {
  const contents = { secrets: { password: 'x' }, configs: { settings: 'y', made: 'z' } };
  const swarm = new ModelSwarm();
  swarm.addNetwork('outer');
  swarm.addSecret({ Name: 'given' });
  swarm.addConfig({ Name: 'known' });
  try {
    const { operations } = planSwarmDeploy(makeSwarmDesired(wanted, { facts, ...contents }), swarm.observe());
    return JSON.stringify(operations.map(({ id: _, dependsOn: __, ...rest }) => rest));
  } catch (thrown) {
    return String(thrown);
  }
}

function without(value: unknown, [first, ...rest]: Path): unknown {
  if (typeof value !== 'object' || value === null || first === undefined) return value;
  if (Array.isArray(value)) return value.map((item, index) => (index === first ? without(item, rest) : item));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      key !== first ? [[key, item]] : rest.length === 0 ? [] : [[key, without(item, rest)]],
    ),
  );
}

/** Honoured by other means than a setting of the service. */
const elsewhere: Readonly<Record<string, string>> = {
  'service.scale': 'the loader makes scale and deploy.replicas say the same; planning.test.ts shows both',
  'service.deploy.replicas': 'as above',
  'service.deploy.mode': 'what is asked for here is the default; planning.test.ts shows jobs',
  'service.deploy.endpoint_mode': 'as above, for one of the two services',
  'service.deploy.update_config.failure_action': 'Drover decides about the whole: it is always pause',
  'service.deploy.update_config.order': 'refused here for a port of mode host; specs.test.ts shows it',
  'service.volumes.type': 'without it nothing is left that could be compared',
  'service.volumes.consistency': 'ignored',
  'service.image': 'the image is resolved beforehand',
  'service.pull_policy': 'the image is resolved beforehand',
  'network.driver': 'what is asked for here is the default',
  'secret.file': 'contents are read beforehand',
  'secret.environment': 'contents are read beforehand',
  'secret.content': 'contents are read beforehand',
  'config.content': 'contents are read beforehand',
  'config.file': 'contents are read beforehand',
  'config.environment': 'contents are read beforehand',
  'config.driver': 'the Engine API has no driver for configs, so that the schema takes it and Swarm cannot',
  'config.driver_opts': 'as above',
  'network.attachable': 'every network is made so',
  'network.enable_ipv4': 'every network has it',
  'service.runtime': 'runc is what every task has',
  'service.ipc': 'private is what every task has',
  'service.cgroup': 'private is what every task has',
  'service.isolation': 'Windows only; specs.test.ts shows it',
  'service.credential_spec': 'Windows only; specs.test.ts shows it',
  'service.volumes.image.subpath': 'pinned containers only',
  'service.pre_start.image': 'images are resolved beforehand',
  'service.depends_on.required': 'planning.test.ts shows it',
  'service.ports.mode': 'what is asked for here is the default for one of the two',
  'service.ports.protocol': 'as above',
  'service.healthcheck.disable': 'the loader keeps the test beside it',
};

/** What the loader fills in where the file says nothing, and what comes to the same without. */
const filledIn =
  /^(networks\.outer|volumes\.far|secrets\.(given|vault)|configs\.(known|made))\.name$|^services\.dnsrr\.secrets\.\d\.target$/;

/** Done before anything is planned, or by what is not a Swarm’s manager. */
const before = [/^service\.(build|env_file|label_file|extends|profiles|expose|pull_policy)/];

test('the file has every key that the table may call honoured on a Swarm', async () => {
  const used = new Set(judge(await project(), undefined, 'swarm').fields.map(({ field }) => field));
  const missing = sections.flatMap((section) =>
    [...honourable(table[section].rules, table[section].noun)].filter(
      (field) => !used.has(field) && elsewhere[field] === undefined && !before.some((pattern) => pattern.test(field)),
    ),
  );
  expect(missing).toEqual([]);
});

function* honourable(rules: RuleTree, above: string): Generator<string> {
  for (const [key, node] of Object.entries(rules)) {
    const rule = node.swarm as Rule | undefined;
    const cases = rule !== undefined && 'cases' in rule ? rule.cases : [];
    const ofTasks = cases.filter(({ when }) => when !== 'of a pinned container').map(({ judgement }) => judgement);
    const otherwise = rule === undefined ? [] : 'cases' in rule ? [rule.otherwise] : [rule];
    if ([...ofTasks, ...otherwise].some(({ verdict }) => verdict === 'honoured')) yield `${above}.${key}`;
    yield* honourable(node.fields ?? node.each ?? {}, `${above}.${key}`);
  }
}

test('every field that the table calls honoured on a Swarm leaves a trace in what a manager is asked for', async () => {
  const wanted = await project();
  const whole = asked(wanted);
  expect(whole).toMatch(/^\[/);
  const { fields } = judge(wanted, undefined, 'swarm', { apiVersion: '1.52', swarm: true, cgroupVersion: 1 });
  expect(fields.filter(({ verdict }) => verdict === 'refused')).toEqual([]);
  const traceless = fields
    .filter(({ verdict }) => verdict === 'honoured')
    .filter(({ path, field }) => elsewhere[field] === undefined && asked(without(wanted, path) as Project) === whole);
  expect(traceless.map(({ path }) => path.join('.')).filter((path) => !filledIn.test(path))).toEqual([]);
});
