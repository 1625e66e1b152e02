import type { EngineTasks } from '../api/tasks.ts';
import type { TaskInspect } from '../model/task.ts';
import type { EngineConnection } from './connection.ts';
import { filterText, segment } from './engine-call.ts';
import { readTaskLogs } from './task-logs.ts';

export function createTasks(connection: EngineConnection): EngineTasks {
  const pathOf = (task: string, doing: string) => `/tasks/${segment(task, doing)}`;
  const inspect: EngineTasks['inspect'] = async (task, options) => {
    const doing = `reading task ${task}`;
    return await connection.json<TaskInspect>({ method: 'GET', path: pathOf(task, doing), doing, options });
  };
  return {
    list: (options) =>
      connection.json<readonly TaskInspect[]>({
        method: 'GET',
        path: '/tasks',
        query: { filters: filterText(options?.filters) },
        doing: 'listing tasks',
        options,
      }),
    inspect,
    logs: (task, options) => {
      const doing = options?.doing ?? `reading the log of task ${task}`;
      const hasTerminal = async () =>
        (await inspect(task, { signal: options?.signal, doing })).Spec.ContainerSpec?.TTY === true;
      return readTaskLogs(connection, { path: pathOf(task, doing), doing, hasTerminal }, options);
    },
  };
}
