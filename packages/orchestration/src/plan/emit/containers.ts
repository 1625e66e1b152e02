import type { Service } from '@drover/compose';
import type { EndpointSettings } from '../../model/container-body.ts';
import type { ContainerRef, LateReferences, OperationId } from '../../model/operation.ts';
import { nameOf } from '../candidates.ts';
import { parseBind } from '../compare/canonical.ts';
import type { Slot, SlotTarget } from '../slot.ts';
import { type Emitter, refTo } from './emitter.ts';

/** A slot whose container is made ready to be started. */
export interface PreparedSlot {
  readonly slot: Slot;
  readonly container: ContainerRef;
  /** What must be done before it starts. */
  readonly prepared: readonly OperationId[];
}

export interface PrepareRequest {
  readonly serviceName: string;
  readonly slot: Slot;
  readonly late?: LateReferences | undefined;
}

/** Creates the container of a slot, or puts the standing one right. */
export function emitPrepare(emitter: Emitter, request: PrepareRequest): PreparedSlot {
  const { slot } = request;
  return slot.target.kind === 'new'
    ? emitCreate(emitter, request, slot.target)
    : emitAdjust(emitter, request, slot.target);
}

function emitCreate(emitter: Emitter, request: PrepareRequest, target: SlotTarget & { kind: 'new' }): PreparedSlot {
  const { builder, networkOps, volumeOps } = emitter;
  const { serviceName: service, slot, late } = request;
  const { body, laterEndpoints, put } = target.spec;
  const impact = slot.others.length > 0 ? 'recreated' : 'created';
  const notes = { target: target.name, service, causes: slot.causes } as const;
  const networks = Object.keys(body.NetworkingConfig?.EndpointsConfig ?? {});
  const binds = (body.HostConfig?.Binds ?? []).map((bind) => parseBind(bind).source);
  const volumes = [...binds, ...(body.HostConfig?.Mounts ?? []).map((mount) => mount.Source ?? '')];
  const create = builder.add(
    'container-create',
    {
      name: target.name,
      body,
      ...(target.platform === undefined ? {} : { platform: target.platform }),
      ...(late === undefined ? {} : { late }),
    },
    {
      ...notes,
      impact,
      after: [
        ...networks.map((name) => networkOps.get(name)),
        ...volumes.map((name) => volumeOps.get(name)),
        ...(late?.tokens ?? []).map(({ container }) => ('createdBy' in container ? container.createdBy : undefined)),
      ],
    },
  );
  const container: ContainerRef = { createdBy: create, name: target.name };
  const prepared = [create];
  for (const [networkName, endpoint] of laterEndpoints) {
    const after = [create, networkOps.get(networkName)];
    prepared.push(
      builder.add(
        'network-connect',
        { networkName, container, endpoint },
        { ...notes, variant: networkName, impact: 'none', after },
      ),
    );
  }
  if (put.length > 0) {
    prepared.push(builder.add('files-put', { container, files: put }, { ...notes, impact: 'none', after: [create] }));
  }
  return { slot, container, prepared };
}

function emitAdjust(
  emitter: Emitter,
  request: PrepareRequest,
  target: SlotTarget & { kind: 'standing' },
): PreparedSlot {
  const { builder, networkOps } = emitter;
  const { serviceName: service, slot } = request;
  const container = refTo(target.container);
  const name = nameOf(target.container);
  const prepared: OperationId[] = [];
  if (target.update !== undefined) {
    const { causes, change } = target.update;
    prepared.push(
      builder.add('container-update', { container, change }, { target: name, service, causes, impact: 'none' }),
    );
  }
  const wanted = new Map<string, EndpointSettings>([
    ...Object.entries(target.spec.body.NetworkingConfig?.EndpointsConfig ?? {}),
    ...target.spec.laterEndpoints,
  ]);
  for (const networkName of target.connect) {
    const fresh = networkOps.get(networkName);
    const cause =
      fresh === undefined ? `container is not on the network ${networkName}` : `the network ${networkName} is new`;
    const notes = { target: name, service, variant: networkName, causes: [cause], impact: 'none' } as const;
    const stale = fresh === undefined && Object.hasOwn(target.container.NetworkSettings.Networks ?? {}, networkName);
    const freed = stale ? builder.add('network-disconnect', { networkName, container }, notes) : undefined;
    const endpoint = wanted.get(networkName) ?? {};
    prepared.push(
      builder.add('network-connect', { networkName, container, endpoint }, { ...notes, after: [fresh, freed] }),
    );
  }
  return { slot, container, prepared };
}

/** Starts the container, with its `post_start` hooks; answers the operation after which it counts as started. */
export function emitStart(
  emitter: Emitter,
  request: {
    readonly serviceName: string;
    readonly service: Service;
    readonly container: ContainerRef;
    readonly verb: 'start' | 'unpause';
    readonly causes: readonly string[];
    readonly impact: 'created' | 'started' | 'restarted' | 'recreated';
    readonly after: Iterable<OperationId | undefined>;
  },
): OperationId {
  const { builder } = emitter;
  const { container, causes } = request;
  const notes = { target: container.name, service: request.serviceName, causes } as const;
  const kind = request.verb === 'start' ? 'container-start' : 'container-unpause';
  let last = builder.add(kind, { container }, { ...notes, impact: request.impact, after: request.after });
  if (request.verb === 'unpause') return last;
  for (const [index, hook] of (request.service.post_start ?? []).entries()) {
    const details = { container, moment: 'post_start', hook } as const;
    last = builder.add('hook-run', details, {
      ...notes,
      variant: `post_start ${index + 1}`,
      impact: 'none',
      after: [last],
    });
  }
  return last;
}
