import { type ConfigId, InternalError, type SecretId } from '@drover/base';
import { EngineError, type ServiceSpec as EngineServiceSpec, isEngineError, type ServiceInspect } from '@drover/engine';
import type { OperationOf } from '../../model/operation.ts';
import { isContainedTree, isSameTree } from '../../model/swarm/current-task.ts';
import { stackLabel } from '../../model/swarm/labels.ts';
import type { ServiceSpec } from '../../model/swarm/service-spec.ts';
import type { Run } from '../run.ts';
import { fileKey } from './files.ts';
import type { SwarmRun } from './swarm-run.ts';

/** Makes a service. One of the stack that says all that the new one would say is the same. */
export async function createService(
  run: Run,
  swarm: SwarmRun,
  operation: OperationOf<'service-create'>,
): Promise<readonly string[]> {
  const spec = withFileIds(operation.spec, swarm);
  const options = { signal: run.hard, doing: `creating service ${spec.Name}` };
  await swarm.watch.first();
  try {
    const registryAuth = await swarm.credentials(operation.registry);
    const { Warnings } = await run.engine.services.create(spec, { ...options, registryAuth });
    swarm.watch.poke();
    return Warnings;
  } catch (thrown) {
    if (!isEngineError(thrown, 'conflict')) throw thrown;
    const standing = await run.engine.services.list({ ...options, filters: { name: [spec.Name] } });
    const own = standing.find(({ Spec }) => Spec.Name === spec.Name);
    if (own?.Spec.Labels?.[stackLabel.namespace] !== run.project || !saysAll(spec, own)) throw thrown;
    return [];
  }
}

/** Tries of an update whose version was outrun by Swarm's own notes about the service. */
const updateTries = 10;

/**
 * Changes a service. A version changes with every note that Swarm makes about it, so a conflict is tried again while the spec is
 * the one that was observed; somebody else's change fails.
 */
export async function updateService(
  run: Run,
  swarm: SwarmRun,
  operation: OperationOf<'service-update'>,
): Promise<readonly string[]> {
  const { serviceId, registry } = operation;
  const spec = withFileIds(operation.spec, swarm);
  const doing = `updating service ${spec.Name}`;
  const options = { signal: run.hard, doing };
  const first = await swarm.watch.first();
  const seen = [...swarm.observed, ...(first?.services.values() ?? [])];
  const observed = seen.find(({ ID, Version }) => ID === serviceId && Version.Index === operation.version);
  const registryAuth = await swarm.credentials(registry);
  let { version } = operation;
  for (let tries = 1; ; tries += 1) {
    try {
      const warnings = await run.engine.services.update(serviceId, version, spec, { ...options, registryAuth });
      swarm.watch.poke();
      return warnings;
    } catch (thrown) {
      if (!isEngineError(thrown, 'version-conflict')) throw thrown;
      const standing = await run.engine.services.inspect(serviceId, options);
      if (saysAll(spec, standing)) return [];
      if (observed === undefined || !isSameTree(observed.Spec, standing.Spec)) {
        const reason = 'somebody else changed it at the same time; plan again to see what it is now';
        throw new EngineError({ code: 'version-conflict', doing, reason, cause: thrown });
      }
      if (tries === updateTries) throw thrown;
      version = standing.Version.Index;
    }
  }
}

/** Gives tasks that are stopped this much longer than their own grace period, in milliseconds. */
const removalMs = 30_000;

/** Swarm's own grace period, in nanoseconds. */
const defaultGrace = 10_000_000_000;

/** How long a task may take before it is asked whether its host is there at all, in milliseconds. */
const patienceMs = 2_000;

/**
 * Removes a service and waits until its tasks are gone, so that nothing holds its networks and volumes any more; those of a host
 * that is down are not waited for.
 */
export async function removeService(
  run: Run,
  swarm: SwarmRun,
  { serviceId, name }: OperationOf<'service-remove'>,
): Promise<undefined> {
  const doing = `removing service ${name}`;
  const grace = (await swarm.watch.first())?.services.get(serviceId)?.Spec.TaskTemplate?.ContainerSpec?.StopGracePeriod;
  await swarm.removals.run(async () => {
    try {
      await run.engine.services.remove(serviceId, { signal: run.hard, doing });
    } catch (thrown) {
      if (!isEngineError(thrown, 'not-found')) throw thrown;
    }
  });
  swarm.watch.poke();
  const begun = performance.now();
  const limit = (grace ?? defaultGrace) / 1e6 + removalMs;
  for (;;) {
    const view = await swarm.watch.next(doing, run.soft);
    const left = (view.tasks.get(serviceId) ?? []).filter(({ NodeID }) => NodeID !== undefined && NodeID !== '');
    if (left.length === 0) return;
    const waited = performance.now() - begun;
    if (waited < patienceMs) continue;
    const nodes = await run.engine.nodes.list({ signal: run.soft, doing });
    const ready = new Map(nodes.filter(({ Status }) => Status.State === 'ready').map((node) => [node.ID, node]));
    const held = left.find(({ NodeID }) => NodeID !== undefined && ready.has(NodeID));
    if (held === undefined) return;
    if (waited < limit) continue;
    const host = held.NodeID === undefined ? undefined : ready.get(held.NodeID)?.Description.Hostname;
    const reason = `its tasks have not ended after ${Math.round(waited / 1_000)} s${host === undefined ? '' : `, on ${host} for one`}`;
    throw new EngineError({ code: 'conflict', doing, reason });
  }
}

/** The spec as it is sent: with the ids of the secrets and configs that this run made. */
function withFileIds(spec: ServiceSpec, { files }: SwarmRun): EngineServiceSpec {
  const container = spec.TaskTemplate?.ContainerSpec;
  const idOf = (kind: 'secret' | 'config', name: string | null | undefined): string => {
    const id = files.get(fileKey(kind, name ?? ''));
    if (id === undefined) throw new InternalError(`executing: nothing has made the ${kind} ${name} yet`);
    return id;
  };
  const secrets = container?.Secrets?.map((reference) => ({
    ...reference,
    SecretName: reference.SecretName ?? '',
    SecretID: (reference.SecretID ?? idOf('secret', reference.SecretName)) as SecretId,
  }));
  const configs = container?.Configs?.map((reference) => ({
    ...reference,
    ConfigName: reference.ConfigName ?? '',
    ConfigID: (reference.ConfigID ?? idOf('config', reference.ConfigName)) as ConfigId,
  }));
  const filled = {
    ...spec,
    TaskTemplate: {
      ...spec.TaskTemplate,
      ContainerSpec: {
        ...container,
        ...(secrets === undefined ? {} : { Secrets: secrets }),
        ...(configs === undefined ? {} : { Configs: configs }),
      },
    },
  };
  // The planner's spelling of a spec is the API's own; it only leaves more open.
  return filled as EngineServiceSpec;
}

/** Whether a service that stands is already what is wanted. Networks may be written by name and are shown by id. */
function saysAll(wanted: EngineServiceSpec, { Spec }: ServiceInspect): boolean {
  const plain = (spec: EngineServiceSpec): object => ({
    ...spec,
    Networks: undefined,
    TaskTemplate: {
      ...spec.TaskTemplate,
      Networks: spec.TaskTemplate?.Networks?.map(({ Target: _, ...rest }) => rest),
    },
  });
  return isContainedTree(plain(wanted), plain(Spec));
}
