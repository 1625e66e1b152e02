import type { Service } from '../../model/service.ts';
import { before, onLinux, pinned } from '../conditions.ts';
import { both, depends, type Rules, when } from '../rule.ts';
import { emulated, honoured, honouredAs, ignored, pins, refused } from '../verdict.ts';
import { healthcheckRules } from './healthcheck.ts';
import { preStartRules } from './pre-start.ts';

const hookOnSwarm = pins('Swarm knows no moment after the start or before the stop of a task');

/** What runs in a container, and when. */
export const processRules = {
  command: both(honoured),
  entrypoint: {
    engine: honoured,
    swarm: depends(
      [
        when<Service['entrypoint']>(
          'when it is empty',
          (value) => value?.length === 0,
          refused(
            'Swarm cannot clear the entry point of an image',
            'write the program itself as `entrypoint`, or build an image without one',
          ),
        ),
      ],
      honoured,
    ),
  },
  environment: both(honoured),
  env_file: { ...both(honoured), resolved: true },
  user: both(honoured),
  group_add: both(honoured),
  working_dir: both(honoured),
  tty: both(honoured),
  stdin_open: both(honoured),
  init: both(honoured),
  read_only: both(honoured),
  stop_signal: both(honoured),
  stop_grace_period: both(honoured),
  hostname: both(honoured),
  domainname: {
    engine: honoured,
    swarm: refused('Swarm gives its tasks no domain name', 'write the full name as `hostname`'),
  },
  restart: both(honoured),
  healthcheck: { fields: healthcheckRules },
  depends_on: {
    each: {
      condition: {
        engine: honoured,
        swarm: emulated(
          'Drover deploys in waves and waits for the condition; Swarm does not wait when it restarts a task',
        ),
      },
      restart: {
        engine: honoured,
        swarm: emulated('Drover restarts the tasks when it replaces those of the dependency'),
      },
      required: both(honoured),
    },
  },
  post_start: { engine: honoured, swarm: hookOnSwarm },
  pre_stop: { engine: honoured, swarm: hookOnSwarm },
  pre_start: {
    engine: honoured,
    swarm: depends(
      [pinned(honoured)],
      emulated('Drover runs it as a one-shot job before the service, with the volumes that the two share'),
    ),
    each: preStartRules,
  },
  develop: {
    engine: honouredAs('`drover watch` acts on it; a deploy takes the files as they are'),
    swarm: ignored('`drover watch` works on one engine; a deploy takes the files as they are'),
  },
  attach: both(ignored('it only says whose output `docker compose up` shows; `drover logs` shows every service')),
  logging: {
    fields: { driver: both(honoured), options: both(honoured) },
  },
  isolation: both(
    depends(
      [
        when<string>(
          'other than `default`, on Linux',
          (value, _, { facts }) => value !== 'default' && facts.os !== 'windows',
          refused('only Windows hosts have more than one kind of isolation', 'leave it out'),
        ),
      ],
      honoured,
    ),
  ),
  credential_spec: {
    engine: ignored(
      'docker compose passes it to no engine; on Windows `security_opt: ["credentialspec=file://…"]` gives an account',
    ),
    swarm: depends(
      [onLinux(ignored('only Windows hosts have managed service accounts; a task on Linux has no use for one'))],
      honoured,
    ),
  },
  annotations: {
    engine: depends([before('1.43', ignored('the engine keeps none; nothing in it reads them'))], honoured),
    swarm: depends(
      [pinned(honoured)],
      refused(
        'Swarm passes no annotations to the container runtime',
        'write `labels`, where nothing but tools reads them',
      ),
    ),
  },
  labels: both(honoured),
  label_file: { ...both(honoured), resolved: true },
  container_name: {
    engine: honoured,
    swarm: depends(
      [pinned(honoured)],
      emulated('it is an alias of the service on its networks; Swarm names the containers of tasks itself'),
    ),
  },
  scale: both(honoured),
  profiles: both(honoured),
  extends: both(honoured),
  image: { engine: honoured, swarm: honouredAs('pinned to its digest, so that every host runs the same') },
  pull_policy: {
    engine: honoured,
    swarm: depends(
      [
        when<string>(
          'with `never` or `build`',
          (value) => value === 'never' || value === 'build',
          emulated('Drover brings the image to every host that may run the service'),
        ),
      ],
      honouredAs('the registry is asked once, for the digest that all hosts run'),
    ),
  },
  pull_refresh_after: {
    ...both(ignored('docker compose does not act on it; `pull_policy: every_24h` does what it says')),
    resolved: true,
  },
  platform: both(honoured),
} as const satisfies Partial<Rules<Service & { readonly pull_refresh_after?: string }>>;
