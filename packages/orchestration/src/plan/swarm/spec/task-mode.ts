import type { Project, Service } from '@drover/compose';
import type { ServiceMode } from '../../../model/swarm/service-spec.ts';
import { dependenciesOf, wantedScale } from '../../dependencies.ts';

export type ModeName = 'replicated' | 'global' | 'replicated-job' | 'global-job';

/** The services that somebody waits for to complete. */
export function awaitedJobs(project: Project): ReadonlySet<string> {
  return new Set(
    Object.values(project.services).flatMap((service) =>
      dependenciesOf(service)
        .filter(({ condition }) => condition === 'service_completed_successfully')
        .map(({ on }) => on),
    ),
  );
}

/** How Swarm runs a service. One whose completion is waited for is a job: as anything else it would be started again for ever. */
export function modeName(service: Service, awaited: boolean): ModeName {
  const mode = service.deploy?.mode ?? '';
  if (mode === 'replicated-job' || mode === 'global-job') return mode;
  const global = mode === 'global';
  return awaited ? (global ? 'global-job' : 'replicated-job') : global ? 'global' : 'replicated';
}

export function isJob(mode: ModeName): boolean {
  return mode === 'replicated-job' || mode === 'global-job';
}

export function serviceMode(mode: ModeName, service: Service, scale: number | undefined): ServiceMode {
  const count = wantedScale(service, scale);
  switch (mode) {
    case 'replicated':
      return { Replicated: { Replicas: count } };
    case 'global':
      return { Global: {} };
    case 'replicated-job':
      return { ReplicatedJob: { MaxConcurrent: count, TotalCompletions: count } };
    case 'global-job':
      return { GlobalJob: {} };
  }
}

/** The mode of a service that stands. */
export function standingMode(mode: ServiceMode | null | undefined): ModeName {
  if (mode?.Global) return 'global';
  if (mode?.ReplicatedJob) return 'replicated-job';
  return mode?.GlobalJob ? 'global-job' : 'replicated';
}
