import type { Service } from '@drover/compose';
import type { TaskRestartPolicy } from '../../../model/swarm/service-spec.ts';
import { nanoseconds } from '../../spec/quantity.ts';
import { isJob, type ModeName } from './task-mode.ts';

/**
 * What Swarm does when a task ends; undefined leaves it to Swarm, which starts another one. `deploy.restart_policy` goes before `restart`.
 * A job of which only `depends_on` speaks runs once, as on one engine.
 */
export function taskRestart(service: Service, mode: ModeName): TaskRestartPolicy | undefined {
  const policy = service.deploy?.restart_policy;
  if (policy !== undefined) {
    return {
      Condition: condition(policy.condition ?? '', mode),
      ...(policy.delay === undefined ? {} : { Delay: nanoseconds(policy.delay) }),
      ...(policy.max_attempts === undefined ? {} : { MaxAttempts: policy.max_attempts }),
      ...(policy.window === undefined ? {} : { Window: nanoseconds(policy.window) }),
    };
  }
  const [name = '', attempts = '0'] = (service.restart ?? '').split(':');
  if (name === '') return isJob(mode) && !isJobByName(service) ? { Condition: 'none' } : undefined;
  const most = Number.parseInt(attempts, 10) || 0;
  return { Condition: condition(name, mode), ...(most > 0 ? { MaxAttempts: most } : {}) };
}

function isJobByName({ deploy }: Service): boolean {
  return deploy?.mode === 'replicated-job' || deploy?.mode === 'global-job';
}

function condition(word: string, mode: ModeName): NonNullable<TaskRestartPolicy['Condition']> {
  if (word === 'no' || word === 'none') return 'none';
  if (word === 'on-failure' || isJob(mode)) return 'on-failure';
  return 'any';
}
