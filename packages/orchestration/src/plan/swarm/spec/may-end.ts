import type { Project } from '@drover/compose';
import { awaitedJobs, isJob, modeName } from './task-mode.ts';
import { taskRestart } from './task-restart.ts';

/** Whether a task of the service may end and has then done its work; of any other, Swarm starts another task. */
export function mayEndOnSwarm(project: Project, name: string): boolean {
  const service = project.services[name];
  if (service === undefined) return false;
  const mode = modeName(service, awaitedJobs(project).has(name));
  return isJob(mode) || (taskRestart(service, mode)?.Condition ?? 'any') !== 'any';
}
