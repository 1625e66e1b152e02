import { composeLabel } from '@drover/orchestration';

/** How the containers of a host are looked at. */
export interface ViewedHost {
  /** Its name, where the environment has several. */
  readonly name?: string | undefined;
  /** Whether tasks of a Swarm are shown as containers of their stack. */
  readonly readsTasks?: boolean | undefined;
}

export interface Membership {
  readonly stack: string | undefined;
  readonly service: string | undefined;
  /** Counts from 1 within the service. */
  readonly number: number | undefined;
}

/** The labels that an engine puts on the containers of tasks, and `docker stack` on all that it makes. */
const taskLabel = {
  stack: 'com.docker.stack.namespace',
  service: 'com.docker.swarm.service.name',
  task: 'com.docker.swarm.task.name',
} as const;

/** The stack and service that something belongs to, by its labels: those of docker compose, or of a task of a Swarm. */
export function membership(
  label: (name: string) => string | undefined,
  { readsTasks = false }: ViewedHost = {},
): Membership {
  const project = label(composeLabel.project);
  if (project === undefined && readsTasks && label(taskLabel.task) !== undefined) return ofTask(label);
  const number = Number(label(composeLabel.number));
  return {
    stack: project,
    service: label(composeLabel.service),
    number: Number.isInteger(number) && number > 0 ? number : undefined,
  };
}

function ofTask(label: (name: string) => string | undefined): Membership {
  const stack = label(taskLabel.stack);
  const full = label(taskLabel.service);
  const service = stack !== undefined && full?.startsWith(`${stack}_`) ? full.slice(stack.length + 1) : full;
  // `shop_web.2.q6p…`; the task of a global service has its node's id there.
  const slot = Number(label(taskLabel.task)?.split('.').at(-2));
  return { stack, service, number: Number.isInteger(slot) && slot > 0 ? slot : undefined };
}
