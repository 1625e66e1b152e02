import type { Flags } from '../../command/flag.ts';

/** Flags of everything that starts a deployment and shows its progress. */
export const deploymentFlags = {
  noWait: { kind: 'switch', describe: 'end as soon as the server has taken it on, without following it' },
} as const satisfies Flags;

/** Flags that say how a deploy is to be done. */
export const deployFlags = {
  build: { kind: 'switch', describe: 'build images before the deploy, also where there is one already' },
  pull: {
    kind: 'choice',
    value: 'WHEN',
    choices: ['always', 'missing', 'never', 'policy'],
    describe: 'pull images: always, missing, never, or policy (what each service says; the default)',
  },
  forceRecreate: { kind: 'switch', describe: 'recreate containers that have not changed' },
  move: {
    kind: 'list',
    value: 'SERVICE',
    describe:
      'on a Swarm: put the container of this pinned service on another host, without its data there; may repeat',
  },
  removeOrphans: { kind: 'switch', describe: 'remove containers of services that the files do not have any more' },
  scale: { kind: 'list', value: 'SERVICE=COUNT', describe: 'number of containers of a service; may be repeated' },
  accept: {
    kind: 'list',
    value: 'FIELD',
    completion: 'field',
    describe: 'leave this refused field out knowingly, such as service.use_api_socket; may be repeated',
    hint: 'It is recorded with the revision; drover check names the fields.',
  },
  monitor: {
    kind: 'seconds',
    value: 'TIME',
    describe: 'what has no health check must run this long before the deploy counts (a tenth of a second)',
    hint: 'Where something fails before, the previous revision is put back.',
  },
  timeout: {
    kind: 'seconds',
    value: 'TIME',
    describe: 'give up after this time and put the previous revision back (10m)',
  },
} as const satisfies Flags;

/** Spellings of docker compose that change nothing here. */
export const toleratedFlags = {
  detach: { kind: 'switch', short: 'd', hidden: true, describe: 'always so' },
  wait: { kind: 'switch', hidden: true, describe: 'always so' },
  yes: { kind: 'switch', short: 'y', hidden: true, describe: 'nothing is asked' },
  quietPull: { kind: 'switch', hidden: true, describe: 'pull progress is short anyway' },
} as const satisfies Flags;
