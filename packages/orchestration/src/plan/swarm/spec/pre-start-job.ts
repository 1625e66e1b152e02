import type { ServiceHook } from '@drover/compose';
import type { ServiceSpec } from '../../../model/swarm/service-spec.ts';
import { variableName } from '../../compare/container-view.ts';
import { templateText } from './template-text.ts';

/** The name of the job that runs one `pre_start` hook; `number` counts from 1. */
export function preStartName(serviceName: string, number: number): string {
  return `${serviceName}-pre_start-${number}`;
}

/**
 * A job like the service that runs a hook once. No port and no name of the service leads to it. `image` is the hook's own, with
 * its digest.
 */
export function preStartJob(
  spec: ServiceSpec,
  hook: ServiceHook,
  number: number,
  image: string | undefined,
): ServiceSpec {
  const {
    ContainerSpec,
    RestartPolicy: _restart,
    ForceUpdate: _force,
    Networks,
    ...template
  } = spec.TaskTemplate ?? {};
  const { Healthcheck: _check, Command, ...container } = ContainerSpec ?? {};
  const own = Object.entries(hook.environment ?? {}).map(([name, value]) =>
    value === null ? name : `${name}=${templateText(value)}`,
  );
  const variables = new Map([...(container.Env ?? []), ...own].map((entry) => [variableName(entry), entry]));
  return {
    Name: preStartName(spec.Name ?? '', number),
    Labels: spec.Labels,
    TaskTemplate: {
      ...template,
      ContainerSpec: {
        ...container,
        Image: image ?? container.Image,
        // Another image has an entry point of its own.
        ...(image === undefined && Command ? { Command } : {}),
        Args: hook.command,
        ...(variables.size > 0 ? { Env: [...variables.values()].sort() } : {}),
        ...(hook.user === undefined ? {} : { User: hook.user }),
        ...(hook.working_dir === undefined ? {} : { Dir: hook.working_dir }),
        Healthcheck: { Test: ['NONE'] },
      },
      RestartPolicy: { Condition: 'none' },
      Networks: (Networks ?? []).map(({ Target }) => ({ Target })),
    },
    Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
  };
}
