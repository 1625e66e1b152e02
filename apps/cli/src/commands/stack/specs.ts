import { targets } from '@drover/compose/verdict/verdict';
import type { CommandSpec } from '../../command/command.ts';
import { deployFlags, deploymentFlags, toleratedFlags } from './deploy-flags.ts';

const someServices = [{ name: 'SERVICE', optional: true, repeated: true, completion: 'service' }] as const;
const stopTime = {
  kind: 'seconds',
  short: 't',
  value: 'TIME',
  describe: 'how long a container may take to stop before it is killed (its own stop_grace_period)',
} as const;

export const upSpec = {
  name: 'up',
  group: 'Applications',
  summary: 'Deploy the Compose files of this folder',
  describe: `Uploads the files and what they reach (env files, secrets, configs, build contexts), makes a revision of them and brings it
about. When it fails or is cancelled, the previous revision is put back and serves on. Volumes are never removed.
Ctrl-C cancels the deployment; a second Ctrl-C leaves it running and ends this command.`,
  flags: { ...deployFlags, ...deploymentFlags, ...toleratedFlags },
  args: someServices,
  examples: [
    { line: 'drover up', what: 'deploy compose.yaml of this folder' },
    { line: 'drover up -f compose.yaml -f compose.prod.yaml -p shop', what: 'two files, as the stack shop' },
    { line: 'drover up --scale web=3', what: 'three containers of web' },
    { line: 'drover up --monitor 10s', what: 'undo it where something fails within ten seconds' },
    { line: 'drover up --accept service.use_api_socket', what: 'leave a refused field out' },
    { line: 'drover up --json', what: 'the finished deployment as one JSON document' },
  ],
} as const satisfies CommandSpec;

export const watchSpec = {
  name: 'watch',
  group: 'Applications',
  summary: 'Bring changes of local files into running services as they are saved',
  describe: `Follows develop.watch of the services named, or of all that have it: files are written into their containers (and removed from
them), services restarted, commands run in them, images rebuilt and deployed. Deploys the services first. What fails is said, and the
watch goes on. Ctrl-C ends it; the application runs on.`,
  flags: { noUp: { kind: 'switch', describe: 'do not deploy first: what runs is watched for' } },
  args: someServices,
  examples: [
    { line: 'drover watch', what: 'every service with develop.watch' },
    { line: 'drover watch --no-up web', what: 'web alone, as it runs' },
  ],
} as const satisfies CommandSpec;

export const planSpec = {
  name: 'plan',
  group: 'Applications',
  summary: 'Show what up would do, and why; change nothing',
  flags: {
    ...deployFlags,
    quiet: { kind: 'switch', short: 'q', describe: 'print nothing, only end with the exit code' },
  },
  args: someServices,
  examples: [
    { line: 'drover plan', what: 'what would change' },
    { line: 'drover plan --json', what: 'the whole plan with every operation' },
  ],
  exits: {
    0: 'nothing would change',
    1: 'the files are wrong, or the plan could not be made',
    2: 'something would change',
  },
} as const satisfies CommandSpec;

export const downSpec = {
  name: 'down',
  group: 'Applications',
  summary: 'Stop and remove the containers and networks of a stack',
  describe: `Volumes stay, and so does the stack's history. A volume is removed with its data only when it is named, and after a question.`,
  flags: {
    volume: {
      kind: 'list',
      short: 'v',
      value: 'NAME',
      completion: 'volume',
      describe: 'remove this volume too; may be repeated',
      hint: 'Data is removed by name only; drover volumes lists them.',
    },
    removeOrphans: { kind: 'switch', describe: 'remove containers of services that the files do not have any more' },
    forget: { kind: 'switch', describe: 'forget the stack itself: its files, revisions and variables' },
    timeout: stopTime,
    yes: { kind: 'switch', short: 'y', describe: 'do not ask' },
    ...deploymentFlags,
  },
  args: [],
  examples: [
    { line: 'drover down', what: 'volumes stay' },
    { line: 'drover down --volume db-data', what: 'and remove the volume db-data with its data' },
  ],
} as const satisfies CommandSpec;

export const listSpec = {
  name: 'ls',
  group: 'Applications',
  summary: 'List stacks, and the projects of docker compose that could be adopted',
  flags: { quiet: { kind: 'switch', short: 'q', describe: 'names only' } },
  args: [],
  examples: [
    { line: 'drover ls', what: 'all stacks and their state' },
    { line: 'drover ls --json', what: 'the same for a program' },
  ],
} as const satisfies CommandSpec;

export const psSpec = {
  name: 'ps',
  group: 'Applications',
  summary: 'List the containers of a stack',
  flags: {
    quiet: { kind: 'switch', short: 'q', describe: 'container ids only' },
    services: { kind: 'switch', describe: 'names of the services only' },
    all: { kind: 'switch', short: 'a', hidden: true, describe: 'always so' },
  },
  args: someServices,
  examples: [
    { line: 'drover ps', what: 'of the stack of this folder' },
    { line: 'drover -p shop ps web', what: 'of the service web of the stack shop' },
  ],
} as const satisfies CommandSpec;

export const logsSpec = {
  name: 'logs',
  group: 'Applications',
  summary: 'Show what containers say',
  flags: {
    follow: { kind: 'switch', short: 'f', describe: 'go on with what comes' },
    tail: {
      kind: 'text',
      short: 'n',
      value: 'LINES',
      describe: 'only the last lines of each container: a number, or all',
    },
    since: { kind: 'text', value: 'TIME', describe: 'not older than this: 2026-01-02T13:00:00Z, or 10m' },
    until: { kind: 'text', value: 'TIME', describe: 'not newer than this' },
    timestamps: { kind: 'switch', short: 't', describe: 'begin each line with its time' },
    noLogPrefix: { kind: 'switch', describe: 'do not begin each line with its container' },
  },
  args: someServices,
  examples: [
    { line: 'drover logs -f', what: 'everything, and what comes' },
    { line: 'drover logs --tail 100 --since 1h web db', what: 'the last lines of two services' },
    { line: 'drover logs --json', what: 'one JSON object a line' },
  ],
} as const satisfies CommandSpec;

export const eventsSpec = {
  name: 'events',
  group: 'Applications',
  summary: 'Show what happens, as it happens',
  flags: { all: { kind: 'switch', short: 'a', describe: 'of every stack; so outside of a stack’s folder' } },
  args: [],
  examples: [
    { line: 'drover events', what: 'of the stack of this folder' },
    { line: 'drover events --all --json', what: 'of the whole host, one JSON object a line' },
  ],
} as const satisfies CommandSpec;

const lifecycle = (name: string, summary: string) =>
  ({
    name,
    group: 'Applications',
    summary,
    flags: { timeout: stopTime, ...deploymentFlags },
    args: someServices,
    examples: [
      { line: `drover ${name}`, what: 'all services' },
      { line: `drover ${name} web`, what: 'one of them' },
    ],
  }) as const satisfies CommandSpec;

export const startSpec = {
  ...lifecycle('start', 'Start services that are stopped, in order of dependency'),
  flags: deploymentFlags,
} as const satisfies CommandSpec;
export const stopSpec = lifecycle('stop', 'Stop services without removing anything, in reverse order of dependency');
export const restartSpec = lifecycle('restart', 'Restart services as they are');

export const pullSpec = {
  name: 'pull',
  group: 'Applications',
  summary: 'Pull the images of services',
  flags: { ...deploymentFlags },
  args: someServices,
  examples: [{ line: 'drover pull web', what: 'deploy what came with drover up' }],
} as const satisfies CommandSpec;

export const buildSpec = {
  name: 'build',
  group: 'Applications',
  summary: 'Build the images of services',
  flags: {
    noCache: { kind: 'switch', describe: 'build every step anew' },
    pull: { kind: 'switch', describe: 'ask the registry for newer base images' },
    ...deploymentFlags,
  },
  args: someServices,
  examples: [{ line: 'drover build --pull web', what: 'on the newest base image' }],
} as const satisfies CommandSpec;

export const redeploySpec = {
  name: 'redeploy',
  group: 'Applications',
  summary: 'Deploy again with newly pulled images: the same tags, perhaps with new content',
  describe: 'The same as up --pull always.',
  flags: { ...deployFlags, ...deploymentFlags },
  args: someServices,
  examples: [{ line: 'drover redeploy web', what: 'recreates web when its tag has a new image' }],
} as const satisfies CommandSpec;

export const historySpec = {
  name: 'history',
  group: 'Applications',
  summary: 'List the revisions of a stack, newest first',
  flags: {
    deployments: { kind: 'switch', describe: 'list deployments, also those that failed' },
    limit: { kind: 'number', value: 'COUNT', minimum: 1, describe: 'at most so many deployments (20)' },
  },
  args: [],
  examples: [
    { line: 'drover history', what: 'revisions that rollback can return to' },
    { line: 'drover history --deployments', what: 'what was done, when, and how it ended' },
  ],
} as const satisfies CommandSpec;

export const rollbackSpec = {
  name: 'rollback',
  group: 'Applications',
  summary: 'Return to a revision: files, variables, secrets and images together',
  flags: {
    timeout: { kind: 'seconds', value: 'TIME', describe: 'give up after this time and put the present revision back' },
    ...deploymentFlags,
  },
  args: [{ name: 'REVISION', optional: true, completion: 'revision' }],
  examples: [
    { line: 'drover rollback', what: 'to the revision before the one that serves' },
    { line: 'drover rollback 3', what: 'to revision 3 of drover history' },
  ],
} as const satisfies CommandSpec;

export const followSpec = {
  name: 'follow',
  group: 'Applications',
  summary: 'Show the progress of a deployment that is running, or how the last one went',
  flags: {},
  args: [{ name: 'DEPLOYMENT', optional: true }],
  examples: [{ line: 'drover follow', what: 'of the stack of this folder' }],
} as const satisfies CommandSpec;

export const cancelSpec = {
  name: 'cancel',
  group: 'Applications',
  summary: 'Cancel the deployment that is running; the previous revision is put back',
  flags: { ...deploymentFlags },
  args: [{ name: 'DEPLOYMENT', optional: true }],
  examples: [{ line: 'drover cancel', what: 'of the stack of this folder' }],
} as const satisfies CommandSpec;

export const adoptSpec = {
  name: 'adopt',
  group: 'Applications',
  summary: 'Take over a project that docker compose made, without restarting it',
  describe: `With the project's files, where they can be read; otherwise what runs is recorded as it is, and the files can be given later with up.`,
  flags: { ...deploymentFlags },
  args: [{ name: 'PROJECT', completion: 'stack' }],
  examples: [
    { line: 'drover adopt shop', what: 'drover ls shows what can be adopted' },
    { line: 'drover adopt shop -f ~/shop/compose.yaml', what: 'its files lie here' },
  ],
} as const satisfies CommandSpec;

export const configSpec = {
  name: 'config',
  group: 'Applications',
  summary: 'Print what the Compose files mean, as docker compose config does; needs no server',
  flags: {
    format: { kind: 'choice', value: 'FORMAT', choices: ['yaml', 'json'], describe: 'yaml (the default) or json' },
    services: { kind: 'switch', describe: 'names of the services, one a line' },
    volumes: { kind: 'switch', describe: 'names of the volumes, one a line' },
    networks: { kind: 'switch', describe: 'names of the networks, one a line' },
    models: { kind: 'switch', describe: 'models of the services, one a line' },
    profiles: { kind: 'switch', describe: 'names of the profiles, one a line' },
    images: { kind: 'switch', describe: 'images of the services, one a line' },
    variables: { kind: 'switch', describe: 'the variables that the files ask for' },
    environment: { kind: 'switch', describe: 'the variables that the files are read with' },
    hash: { kind: 'text', value: 'SERVICES', describe: 'config hashes of services, separated by commas; * is all' },
    quiet: { kind: 'switch', short: 'q', describe: 'only say what is wrong' },
    output: { kind: 'text', short: 'o', value: 'FILE', completion: 'file', describe: 'write to a file' },
    noInterpolate: { kind: 'switch', describe: 'leave variables as they are written' },
    noNormalize: { kind: 'switch', describe: 'leave out defaults and implied settings' },
    noPathResolution: { kind: 'switch', describe: 'leave paths as they are written' },
    noConsistency: { kind: 'switch', describe: 'do not check that what is referred to exists' },
    noEnvResolution: { kind: 'switch', describe: 'leave env files as references' },
  },
  args: someServices,
  aliases: ['convert'],
  examples: [
    { line: 'drover config', what: 'everything merged, in canonical form' },
    { line: 'drover -f compose.yaml config --format json', what: 'as JSON' },
    { line: "drover config --hash '*'", what: 'the hashes that docker compose keeps in its labels' },
  ],
} as const satisfies CommandSpec;

export const checkSpec = {
  name: 'check',
  group: 'Applications',
  summary: 'Say what is wrong with the Compose files, and what becomes of every field; needs no server',
  describe: `Each field that the files use has a verdict: honoured, emulated (how), ignored (why that is harmless) or refused (why, and what
to write instead), with file, line and column. docs/compose-keys.md has them all.`,
  flags: {
    target: {
      kind: 'choice',
      value: 'TARGET',
      choices: targets,
      describe: 'what the files are for: engine (one Docker Engine, the default) or swarm',
    },
    hostFacts: {
      kind: 'text',
      value: 'FILE',
      completion: 'file',
      describe: 'what is known about the hosts, as JSON: {"apiVersion": "1.51", "ipvs": false}',
    },
    all: { kind: 'switch', short: 'a', describe: 'show the fields that are honoured, too' },
    strict: { kind: 'switch', describe: 'end with the exit code of a refused field also where one is ignored' },
  },
  args: [],
  examples: [
    { line: 'drover check', what: 'exit code 0 when nothing is wrong' },
    { line: 'drover check --target swarm', what: 'what a Swarm would do with the same files' },
    { line: 'drover check --host-facts hosts.json --json', what: 'every verdict for a program' },
  ],
  exits: {
    0: 'nothing is wrong, and no field is refused',
    1: 'the files are wrong',
    5: 'a field is refused; with --strict: or ignored',
  },
} as const satisfies CommandSpec;
