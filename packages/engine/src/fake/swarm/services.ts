import type { ServiceId } from '@drover/base';
import type { EngineServices } from '../../api/services.ts';
import type { RegistryAuth } from '../../model/image.ts';
import type { ServiceSpec } from '../../model/service.ts';
import { conflict, Refusal } from '../failure.ts';
import { applyFilters, type FilterTests, labelsMatch } from '../filters.ts';
import type { Gate } from '../gate.ts';
import type { FakeCluster } from './cluster.ts';
import { completeServiceSpec, insertDefaults } from './complete-spec.ts';
import type { FakeMember } from './fabric.ts';
import { find, refuseStale } from './find.ts';
import { inspectService, serviceStatus } from './inspect-service.ts';
import { managedBy } from './membership.ts';
import type { FakeService } from './objects.ts';
import { readFakeTaskLogs } from './task-logs.ts';
import { changeState } from './update.ts';
import { validateService } from './validate-service.ts';

const modeNames: readonly (readonly [keyof NonNullable<ServiceSpec['Mode']>, string])[] = [
  ['Replicated', 'replicated'],
  ['Global', 'global'],
  ['ReplicatedJob', 'replicated-job'],
  ['GlobalJob', 'global-job'],
];

function modeOf(spec: ServiceSpec): string {
  return modeNames.find(([field]) => spec.Mode?.[field] != null)?.[1] ?? 'replicated';
}

const tests: FilterTests<FakeService> = {
  id: (service, wanted) => wanted.some((id) => service.id.startsWith(id)),
  name: (service, wanted) => wanted.some((name) => service.spec.Name.startsWith(name)),
  label: (service, wanted) => labelsMatch(service.spec.Labels, wanted),
  mode: (service, wanted) => wanted.includes(modeOf(service.spec)),
  runtime: (_, wanted) => wanted.includes('container'),
};

/** Finds a service by id, name or the start of its id. */
export function serviceOf(cluster: FakeCluster, reference: string): FakeService {
  return find('service', cluster.services as ReadonlyMap<string, FakeService>, reference, ({ spec }) => spec.Name);
}

function createService(
  cluster: FakeCluster,
  member: FakeMember,
  asked: ServiceSpec,
  registryAuth: RegistryAuth | undefined,
): ServiceId {
  const id = cluster.fabric.newId() as ServiceId;
  const named = asked.Name === '' ? { ...asked, Name: `service_${id.slice(0, 8)}` } : asked;
  const spec = completeServiceSpec(cluster, member.world, named);
  validateService(cluster, named, null);
  if ([...cluster.services.values()].some((service) => service.spec.Name === spec.Name))
    throw conflict(`name conflicts with an existing object: service ${spec.Name} already exists`);
  cluster.services.set(id, {
    id,
    ...cluster.born(),
    spec,
    previousSpec: null,
    registryAuth,
    previousAuth: undefined,
    specNumber: 1,
    updateStatus: null,
    update: null,
    jobIteration: 0,
    lastExecution: new Date().toISOString(),
  });
  cluster.publish('service', 'create', id, { name: spec.Name });
  return id;
}

function updateService(
  cluster: FakeCluster,
  member: FakeMember,
  service: FakeService,
  version: number,
  asked: ServiceSpec,
  options: Parameters<EngineServices['update']>[3],
): void {
  const rollback = options?.rollback === 'previous';
  const spec = completeServiceSpec(cluster, member.world, asked);
  validateService(cluster, asked, service.id);
  if (modeOf(service.spec) !== modeOf(spec)) throw new Refusal('unsupported', 'service mode change is not allowed');
  if (service.spec.Name !== spec.Name) throw new Refusal('unsupported', 'renaming services is not supported');
  if (rollback && service.previousSpec === null)
    throw new Refusal('bad-request', `service ${service.id} does not have a previous spec`);
  refuseStale(service, version);
  const before = service.spec;
  const kept = options?.registryAuthFrom === 'previous-spec' || rollback ? service.previousAuth : service.registryAuth;
  service.previousAuth = service.registryAuth;
  service.registryAuth = options?.registryAuth ?? kept;
  service.spec = rollback ? (service.previousSpec ?? spec) : spec;
  service.previousSpec = before;
  service.specNumber += 1;
  service.update = null;
  service.lastExecution = new Date().toISOString();
  if (modeOf(spec).endsWith('-job')) service.jobIteration = cluster.nextIndex();
  if (rollback) {
    changeState(cluster, service, {
      State: 'rollback_started',
      StartedAt: new Date().toISOString(),
      Message: 'manually requested rollback',
    });
    return;
  }
  service.updateStatus = null;
  cluster.touch(service);
  cluster.publish('service', 'update', service.id, { name: spec.Name });
}

export function createFakeServices(member: FakeMember, gate: Gate): EngineServices {
  return {
    list: (options) =>
      gate.pass({ name: 'services.list', target: '' }, 'listing services', options, () => {
        const cluster = managedBy(member);
        return applyFilters([...cluster.services.values()], options?.filters, tests).map((service) => ({
          ...inspectService(service),
          ...(options?.status === true ? { ServiceStatus: serviceStatus(cluster, service) } : {}),
        }));
      }),
    inspect: (reference, options) =>
      gate.pass({ name: 'services.inspect', target: reference }, `reading service ${reference}`, options, () => {
        const inspected = inspectService(serviceOf(managedBy(member), reference));
        return options?.insertDefaults === true ? { ...inspected, Spec: insertDefaults(inspected.Spec) } : inspected;
      }),
    create: (spec, options) =>
      gate.pass({ name: 'services.create', target: spec.Name }, `creating service ${spec.Name}`, options, () => ({
        ID: createService(managedBy(member), member, spec, options?.registryAuth),
        Warnings: [],
      })),
    update: (reference, version, spec, options) =>
      gate.pass({ name: 'services.update', target: reference }, `changing service ${spec.Name}`, options, () => {
        const cluster = managedBy(member);
        const service = serviceOf(cluster, reference);
        updateService(cluster, member, service, version, spec, options);
        return [];
      }),
    remove: (reference, options) =>
      gate.pass({ name: 'services.remove', target: reference }, `removing service ${reference}`, options, () => {
        const cluster = managedBy(member);
        const service = serviceOf(cluster, reference);
        cluster.services.delete(service.id);
        cluster.wake();
        cluster.publish('service', 'remove', service.id, { name: service.spec.Name });
      }),
    logs: (reference, options) => {
      const doing = options?.doing ?? `reading the log of service ${reference}`;
      const call = { name: 'services.logs', target: reference } as const;
      return readFakeTaskLogs(gate, call, doing, options, () => {
        const cluster = managedBy(member);
        const service = serviceOf(cluster, reference);
        return { cluster, isOf: (task) => task.serviceId === service.id };
      });
    },
  };
}
