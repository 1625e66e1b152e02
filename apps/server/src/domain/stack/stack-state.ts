import type { ContainerView, ServiceView, StackState, StackSummary } from '@drover/contract';
import type { ServiceSummary } from './revision.ts';
import type { StackRecord } from './stack-store.ts';

export interface StackFacts {
  readonly name: string;
  /** Undefined for a project that docker compose made. */
  readonly record: StackRecord | undefined;
  readonly containers: readonly ContainerView[];
  readonly activeDeployment: string | undefined;
  readonly lastDeploymentFailed: boolean;
}

/** The state of a stack and its services, from what is wanted and what stands. */
export function describeStack(facts: StackFacts): { summary: StackSummary; services: ServiceView[] } {
  const services = describeServices(facts.record?.summary?.services, facts.containers);
  const { record } = facts;
  const summary: StackSummary = {
    name: facts.name,
    state: stackState(facts, services),
    managed: record !== undefined,
    services: services.length,
    running: services.reduce((sum, service) => sum + service.running, 0),
    wanted:
      record?.wanted === 'running'
        ? services.reduce((sum, { wanted, completed }) => sum + (completed ? 0 : wanted), 0)
        : 0,
    ...(record?.servingRevision === undefined ? {} : { revision: record.servingRevision }),
    ...(record?.workingDir === undefined ? {} : { workingDir: record.workingDir }),
    ...(record === undefined ? {} : { updatedAt: record.updatedAt }),
    ...(facts.activeDeployment === undefined ? {} : { activeDeployment: facts.activeDeployment }),
  };
  return { summary: record === undefined ? { ...summary, wanted: summary.running } : summary, services };
}

function stackState(
  { record, activeDeployment, lastDeploymentFailed, containers }: StackFacts,
  services: ServiceView[],
): StackState {
  if (record === undefined) return 'unmanaged';
  if (activeDeployment !== undefined) return 'deploying';
  if (record.servingRevision === undefined && containers.length === 0) return lastDeploymentFailed ? 'failed' : 'new';
  const running = containers.some(({ state, oneOff }) => !oneOff && (state === 'running' || state === 'restarting'));
  const wanted = services.filter((service) => service.wanted > 0);
  if (!running) return 'stopped';
  return wanted.every(isGood) ? 'running' : 'degraded';
}

function isGood({ wanted, running, healthy, hasHealthCheck, completed, containers }: ServiceView): boolean {
  if (completed) return true;
  if (containers.some(({ state, health }) => state === 'restarting' || health === 'unhealthy')) return false;
  return (hasHealthCheck ? healthy : running) >= wanted;
}

function describeServices(
  known: readonly ServiceSummary[] | undefined,
  containers: readonly ContainerView[],
): ServiceView[] {
  const byService = Map.groupBy(
    containers.filter(({ service, oneOff }) => service !== undefined && !oneOff),
    ({ service }) => service ?? '',
  );
  const summaries = new Map(known?.map((service) => [service.name, service]));
  const names = [...new Set([...summaries.keys(), ...byService.keys()])].sort();
  return names.map((name) =>
    describeService(name, summaries.get(name), byService.get(name) ?? [], known !== undefined),
  );
}

function describeService(
  name: string,
  known: ServiceSummary | undefined,
  unsorted: readonly ContainerView[],
  managed: boolean,
): ServiceView {
  const containers = [...unsorted].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
  const running = containers.filter(({ state }) => state === 'running').length;
  const wanted = known?.perHost
    ? Math.max(known.wanted, new Set(containers.map(({ host }) => host)).size)
    : (known?.wanted ?? (managed ? 0 : containers.length));
  const image = known?.image ?? containers[0]?.image;
  const ended = containers.filter(({ state, exitCode }) => state === 'exited' && exitCode === 0).length;
  return {
    name,
    ...(image === undefined ? {} : { image }),
    wanted,
    running,
    healthy: containers.filter(({ health }) => health === 'healthy').length,
    hasHealthCheck: known?.hasHealthCheck ?? containers.some(({ health }) => health !== undefined),
    completed: known?.mayComplete === true && wanted > 0 && running === 0 && ended >= wanted,
    ports: [...new Set(containers.flatMap(({ ports }) => ports.filter((port) => port.includes('->'))))].sort(),
    dependsOn: [...(known?.dependsOn ?? [])],
    containers,
  };
}
