import type { CallOptions, Filters } from '../call-options.ts';
import type { TaskInspect, TaskOutputLine } from '../model/task.ts';
import type { TaskLogOptions } from './services.ts';

/**
 * The tasks of the Swarm, asked of a manager. `task` is an id or a unique prefix of one.
 * The Engine API has no events of tasks. What comes near: a service's `update` events (`updatestate.new`), a node's, and the
 * events of the containers on each node (label `com.docker.swarm.task.id`), none of which tells of a pending or rejected task.
 */
export interface EngineTasks {
  /** Filters: `id`, `name`, `service`, `node`, `label`, `desired-state`. Ended ones are kept, five a slot by default. */
  list(options?: CallOptions & { readonly filters?: Filters }): Promise<readonly TaskInspect[]>;
  inspect(task: string, options?: CallOptions): Promise<TaskInspect>;
  logs(task: string, options?: TaskLogOptions): AsyncIterable<TaskOutputLine>;
}
