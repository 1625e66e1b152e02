import type { DeployConfig, Resource, UpdateConfig } from '../../model/deploy.ts';
import type { Service } from '../../model/service.ts';
import { pinned, withoutIpvs } from '../conditions.ts';
import { both, depends, type Rules, type TargetRules, when } from '../rule.ts';
import { emulated, honoured, honouredAs, ignored, type Judgement, pins, refused } from '../verdict.ts';

/** Something that only a Swarm acts on, or Drover itself where the service is a pinned container. */
function swarmOnly(why: string, ofPinned: string): TargetRules<unknown, unknown> {
  return { engine: ignored(why), swarm: depends([pinned(emulated(ofPinned))], honoured) };
}

const ownBatches = 'Drover replaces the containers itself, one batch after the other';
const wholeRevision = 'when a deploy fails, Drover puts the whole previous revision back';
const oneHost = 'one engine is one host: there is nothing to choose';
const ownChoice = 'Drover chooses the host of the container by it';
const noJobUpdates: Judgement = refused('a job is never updated: Swarm makes a new one', 'leave `update_config` out');
const ofJobs = when<unknown>('of a job', (_, __, { service }) => isJob(service?.deploy?.mode), noJobUpdates);

function isJob(mode: string | undefined): boolean {
  return mode === 'replicated-job' || mode === 'global-job';
}

function updateRule(engine: Judgement): TargetRules<unknown, unknown> {
  return { engine, swarm: depends([ofJobs, pinned(emulated(ownBatches))], honoured) };
}

const updateRules: Rules<UpdateConfig> = {
  parallelism: updateRule(honoured),
  order: updateRule(honouredAs('the old container stops first where both cannot stand side by side')),
  delay: updateRule(honouredAs('the next batch waits that long, after the health of the one before')),
  failure_action: updateRule(ignored(wholeRevision)),
  monitor: updateRule(
    honouredAs('a batch must run that long before the next; where start-first, before the old containers stop'),
  ),
  max_failure_ratio: updateRule(ignored(`${wholeRevision}, at the first failure`)),
};

const rollbackRule = swarmOnly(wholeRevision, wholeRevision);
const rollbackRules: Rules<UpdateConfig> = {
  parallelism: rollbackRule,
  order: rollbackRule,
  delay: rollbackRule,
  failure_action: rollbackRule,
  monitor: rollbackRule,
  max_failure_ratio: rollbackRule,
};

const noLimitOfDevices = both(ignored('a limit knows no devices; they belong below `reservations`'));

const limitRules: Rules<Resource> = {
  cpus: both(honoured),
  memory: both(honoured),
  pids: both(honoured),
  devices: noLimitOfDevices,
  generic_resources: noLimitOfDevices,
};

const reservationRules: Rules<Resource> = {
  cpus: swarmOnly('nothing else is placed by it on one host; `limits.cpus` bounds', ownChoice),
  memory: both(honoured),
  pids: both(ignored('processes are limited, not reserved: `limits.pids` bounds')),
  devices: { engine: honoured, swarm: pins('Swarm cannot give a device to a task') },
  generic_resources: swarmOnly('only a Swarm counts them; `devices` gives a device to a container', ownChoice),
};

/** What is said about a service as a whole: how many, where, and how it changes. */
export const deployRules: Rules<DeployConfig> = {
  mode: {
    engine: depends(
      [
        when<string>(
          'with `global`',
          (value) => value === 'global',
          ignored('one engine is one host, so that one container is one on every host'),
        ),
        when<string>(
          'with `replicated-job` or `global-job`',
          isJob,
          ignored('the container runs to its end like any other; `restart` says whether it runs again'),
        ),
      ],
      honoured,
    ),
    swarm: depends(
      [
        when<string>(
          'of a pinned container, with `global` or `global-job`',
          (value, _, situation) => situation.pinned && value.startsWith('global'),
          emulated('Drover makes a container on every host'),
        ),
      ],
      honoured,
    ),
  },
  replicas: {
    engine: honoured,
    swarm: depends([pinned(emulated('Drover makes as many containers, each pinned to a host'))], honoured),
  },
  labels: swarmOnly(
    'they belong to the service of a Swarm; `labels` of the service itself are those of containers',
    'Drover keeps them as labels of the containers',
  ),
  update_config: { fields: updateRules },
  rollback_config: { fields: rollbackRules },
  resources: { fields: { limits: { fields: limitRules }, reservations: { fields: reservationRules } } },
  restart_policy: {
    fields: {
      condition: both(honoured),
      max_attempts: both(honoured),
      delay: swarmOnly('the engine waits between restarts by itself, longer each time', 'the engine waits by itself'),
      window: swarmOnly('the engine counts a start as good after 10 seconds', 'the engine counts by itself'),
    },
  },
  placement: {
    fields: {
      constraints: swarmOnly(oneHost, ownChoice),
      preferences: swarmOnly(oneHost, ownChoice),
      max_replicas_per_node: swarmOnly(oneHost, ownChoice),
    },
  },
  endpoint_mode: {
    engine: ignored('a name leads straight to the containers of the service'),
    swarm: depends(
      [
        pinned(emulated('the name leads straight to the containers')),
        when<string>(
          'with `dnsrr`, a port with `mode: ingress`, and IPVS',
          (value, _, { service, facts }) => value === 'dnsrr' && facts.ipvs !== false && publishesInMesh(service),
          refused('Swarm publishes in the routing mesh only with virtual addresses', 'write `mode: host` at the ports'),
        ),
        when<string>(
          'with `vip`, without IPVS in the kernel',
          (value, near, situation) => value === 'vip' && withoutIpvs(honoured).holds(value, near, situation),
          emulated('a virtual address needs IPVS in the kernel; the name leads to the tasks in turn instead (`dnsrr`)'),
        ),
      ],
      honoured,
    ),
  },
};

function publishesInMesh(service: Service | undefined): boolean {
  return (service?.ports ?? []).some(({ mode }) => mode !== 'host');
}
