import type { ServiceId } from '@drover/base';
import type { Engine, ServiceSpec, TaskInspect, TaskSpec } from '@drover/engine';
import { freshName } from '../subject.ts';

/** The engines that a run of the contract is about. `image` is a busybox that stands in all of them. */
export interface SwarmSubject {
  /** Becomes the first manager. */
  readonly manager: Engine;
  readonly managerAddress: string;
  /** Joins as a worker, or null where there is only one engine. */
  readonly worker: Engine | null;
  readonly image: string;
}

export type GetSwarm = () => SwarmSubject;

const millisecond = 1_000_000;

/** A service that runs a shell line, with short times and without what the lab's kernel lacks (IPVS). */
export function serviceOf(
  subject: SwarmSubject,
  script: string,
  change: Partial<ServiceSpec> = {},
  task: TaskSpec = {},
): ServiceSpec {
  return {
    Name: freshName('contract'),
    EndpointSpec: { Mode: 'dnsrr' },
    UpdateConfig: { Parallelism: 1, Monitor: 300 * millisecond },
    ...change,
    TaskTemplate: {
      RestartPolicy: { Delay: 50 * millisecond },
      ...task,
      ContainerSpec: {
        Image: subject.image,
        Args: ['sh', '-c', script],
        StopGracePeriod: 100 * millisecond,
        ...task.ContainerSpec,
      },
    },
  };
}

/** The same service as a job, which takes no update config. */
export function jobOf(subject: SwarmSubject, script: string, mode: ServiceSpec['Mode'], task: TaskSpec): ServiceSpec {
  const { UpdateConfig: _config, ...spec } = serviceOf(subject, script, { Mode: mode }, task);
  return spec;
}

/** Creates a service and hands it over; it is gone afterwards. */
export async function withService<T>(
  { manager }: SwarmSubject,
  spec: ServiceSpec,
  use: (name: string, id: ServiceId) => Promise<T>,
): Promise<T> {
  const { ID } = await manager.services.create(spec);
  try {
    return await use(spec.Name, ID);
  } finally {
    await manager.services.remove(ID).catch(() => {});
  }
}

export async function tasksOf({ manager }: SwarmSubject, service: string): Promise<readonly TaskInspect[]> {
  return await manager.tasks.list({ filters: { service: [service] } });
}

/** Tasks of these states among those of a service, by slot. */
export async function inState(subject: SwarmSubject, service: string, ...states: TaskInspect['Status']['State'][]) {
  return (await tasksOf(subject, service)).filter((task) => states.includes(task.Status.State));
}

/** Asks until the answer is wanted; fails with the last one after a minute. */
export async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`it never came; last: ${JSON.stringify(answer).slice(0, 3000)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
