import type { Service } from '../../model/service.ts';
import { before, onCgroup2, onLinux, pinned } from '../conditions.ts';
import { both, depends, type Rules, when } from '../rule.ts';
import { honoured, honouredAs, ignored, pins, refused } from '../verdict.ts';

const realTime = refused(
  'the engine gives no real-time processor time with cgroup version 2',
  'write `cpus`, or deploy to a host with cgroup version 1',
);
const windowsCount = onLinux(ignored('only Windows counts processors so; the engine on Linux leaves it'));
const noGroups = onCgroup2(ignored('cgroup version 2 knows no such setting; the engine leaves it, with a warning'));

/** Processor, memory, processes and devices. */
export const resourceRules = {
  cpus: both(honoured),
  cpu_quota: {
    engine: honoured,
    swarm: depends([pinned(honoured)], honouredAs('as processors: quota divided by period')),
  },
  cpu_period: {
    engine: honoured,
    swarm: depends([pinned(honoured)], honouredAs('as processors: quota divided by period')),
  },
  cpu_shares: {
    engine: honoured,
    swarm: depends(
      [pinned(honoured)],
      refused('Swarm knows no shares of the processor', 'write `cpus` or `deploy.resources.reservations.cpus`'),
    ),
  },
  cpuset: {
    engine: honoured,
    swarm: pins('Swarm cannot bind a task to single processors'),
  },
  cpu_count: {
    engine: depends([windowsCount], honoured),
    swarm: depends([windowsCount], refused('Swarm knows no count of processors', 'write `cpus`')),
  },
  cpu_percent: {
    engine: depends([windowsCount], honoured),
    swarm: depends([windowsCount], refused('Swarm knows no share of the processors', 'write `cpus`')),
  },
  cpu_rt_period: {
    engine: depends([onCgroup2(realTime)], honoured),
    swarm: depends([onCgroup2(realTime)], pins('Swarm gives tasks no real-time processor time')),
  },
  cpu_rt_runtime: {
    engine: depends([onCgroup2(realTime)], honoured),
    swarm: depends([onCgroup2(realTime)], pins('Swarm gives tasks no real-time processor time')),
  },
  mem_limit: both(honoured),
  mem_reservation: both(honoured),
  memswap_limit: {
    engine: honoured,
    swarm: depends(
      [
        pinned(honoured),
        before('1.52', refused('Swarm limits swap from Docker Engine 29 on', 'write `mem_limit` alone')),
      ],
      honoured,
    ),
  },
  mem_swappiness: {
    engine: depends([noGroups], honoured),
    swarm: depends(
      [
        noGroups,
        pinned(honoured),
        before(
          '1.52',
          refused('Swarm sets it from Docker Engine 29 on', 'leave it out, and set vm.swappiness on the hosts'),
        ),
      ],
      honoured,
    ),
  },
  oom_kill_disable: {
    engine: depends([noGroups], honoured),
    swarm: depends(
      [noGroups, pinned(honoured)],
      refused(
        'Swarm always lets the kernel end a task that is out of memory',
        'raise `mem_limit`, or lower `oom_score_adj`',
      ),
    ),
  },
  oom_score_adj: {
    engine: honoured,
    swarm: depends(
      [pinned(honoured), before('1.46', refused('Swarm sets it from Docker Engine 27 on', 'leave it out'))],
      honoured,
    ),
  },
  pids_limit: both(honoured),
  ulimits: both(honoured),
  shm_size: { engine: honoured, swarm: honouredAs('as a tmpfs of this size at /dev/shm') },
  blkio_config: {
    engine: honoured,
    swarm: pins('Swarm cannot limit the disk access of a task'),
  },
  storage_opt: {
    engine: honoured,
    swarm: pins('Swarm passes no options to the storage of a container'),
  },
  gpus: {
    engine: honoured,
    swarm: pins('Swarm cannot give a device to a task'),
  },
  devices: {
    engine: honoured,
    swarm: pins('Swarm cannot give a device to a task'),
  },
  device_cgroup_rules: {
    engine: honoured,
    swarm: pins('Swarm cannot allow a task to use devices'),
  },
  cgroup_parent: {
    engine: honoured,
    swarm: pins('Swarm chooses the cgroup of a task'),
  },
  runtime: {
    engine: depends(
      [
        when<string>(
          'when the engine does not know it',
          (value, _, { facts }) => facts.runtimes !== undefined && !facts.runtimes.includes(value),
          refused('the engine does not know this container runtime', 'install it, or leave `runtime` out'),
        ),
      ],
      honoured,
    ),
    swarm: depends(
      [when<string>('with `runc`', (value) => value === 'runc', honouredAs('it is the default of every host'))],
      pins('Swarm runs every task with the default runtime of its host'),
    ),
  },
} as const satisfies Partial<Rules<Service>>;
