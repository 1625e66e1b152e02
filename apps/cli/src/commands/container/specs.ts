import type { CommandSpec } from '../../command/command.ts';
import type { Flags } from '../../command/flag.ts';

const processFlags = {
  env: {
    kind: 'list',
    short: 'e',
    value: 'KEY=VALUE',
    describe: 'a variable for the command; KEY alone passes yours on',
  },
  user: { kind: 'text', short: 'u', value: 'USER', describe: 'as this user' },
  workdir: { kind: 'text', short: 'w', value: 'DIR', describe: 'in this directory of the container' },
  interactive: { kind: 'switch', short: 'i', hidden: true, describe: 'always so' },
  noStdin: { kind: 'switch', describe: 'do not pass standard input on' },
  tty: { kind: 'switch', short: 't', describe: 'with a terminal (so by itself where this is one)' },
  noTty: { kind: 'switch', short: 'T', describe: 'without a terminal' },
} as const satisfies Flags;

const remoteExit = {
  '*': 'once the command has started, its own exit code',
  125: 'the command could not be started',
} as const;

export const execSpec = {
  name: 'exec',
  group: 'Containers',
  summary: 'Run a command in a container that runs',
  flags: {
    ...processFlags,
    index: { kind: 'number', value: 'NUMBER', minimum: 1, describe: 'in which container of the service (the first)' },
    privileged: { kind: 'switch', describe: 'with all rights' },
  },
  args: [{ name: 'SERVICE', completion: 'service' }],
  verbatim: true,
  examples: [
    { line: 'drover exec -it web sh', what: 'a shell in web' },
    { line: 'drover exec -T db pg_dump -U postgres shop > shop.sql', what: 'its output to a file' },
    { line: 'drover exec -T db psql -U postgres < shop.sql', what: 'its input from a file' },
  ],
  exits: remoteExit,
} as const satisfies CommandSpec;

export const runSpec = {
  name: 'run',
  group: 'Containers',
  summary: 'Run a one-off container of a service',
  flags: {
    ...processFlags,
    entrypoint: { kind: 'text', value: 'WORDS', describe: 'instead of the image’s entry point' },
    servicePorts: { kind: 'switch', short: 'P', describe: 'publish the ports of the service' },
    noDeps: { kind: 'switch', describe: 'do not start what the service depends on' },
    rm: { kind: 'switch', describe: 'remove the container when it has ended' },
    detach: { kind: 'switch', short: 'd', describe: 'start it and print its name' },
  },
  args: [{ name: 'SERVICE', completion: 'service' }],
  verbatim: true,
  examples: [
    { line: 'drover run --rm web ./manage.py migrate', what: 'a one-off task' },
    { line: 'drover run --rm -it web sh', what: 'a shell in a container of its own' },
  ],
  exits: remoteExit,
} as const satisfies CommandSpec;
