import type { OperationId } from '../../model/operation.ts';
import { isUp, nameOf } from '../candidates.ts';
import type { NetworkDecision } from '../resources/networks.ts';
import type { VolumeCreation } from '../resources/volumes.ts';
import { type Emitter, emitStop, refTo } from './emitter.ts';

/** Makes the networks and volumes that are missing, and networks that changed anew. */
export function emitResources(
  emitter: Emitter,
  networks: readonly NetworkDecision[],
  volumes: readonly VolumeCreation[],
): void {
  const { builder } = emitter;
  for (const decision of networks) {
    if (decision.kind === 'keep') continue;
    const after = decision.kind === 'recreate' ? [emitNetworkRemoval(emitter, decision)] : [];
    const id = builder.add(
      'network-create',
      { network: decision.key, body: decision.body },
      {
        target: decision.name,
        causes: decision.kind === 'recreate' ? decision.causes : ['network is missing'],
        impact: decision.kind === 'recreate' ? 'recreated' : 'created',
        after,
      },
    );
    emitter.networkOps.set(decision.name, id);
  }
  for (const { key, body } of volumes) {
    const notes = { target: body.Name, causes: ['volume is missing'], impact: 'created' } as const;
    emitter.volumeOps.set(body.Name, builder.add('volume-create', { volume: key, body }, notes));
  }
}

/** Takes every container off a network, so that it can go. They are connected to the new one later. */
function emitNetworkRemoval(emitter: Emitter, decision: NetworkDecision & { readonly kind: 'recreate' }): OperationId {
  const { builder, observed } = emitter;
  const { name, old } = decision;
  const cause = `the network ${name} is made anew`;
  const freed: OperationId[] = [];
  for (const container of observed.containers) {
    const endpoint = Object.entries(container.NetworkSettings.Networks ?? {}).find(
      ([network, { NetworkID }]) => network === name || NetworkID === old.Id,
    );
    if (endpoint === undefined) continue;
    const stop = isUp(container) ? emitStop(emitter, { container, cause, impact: 'restarted' }) : undefined;
    freed.push(
      builder.add(
        'network-disconnect',
        { networkName: name, container: refTo(container) },
        { target: nameOf(container), variant: name, causes: [cause], impact: 'none', after: [stop] },
      ),
    );
  }
  return builder.add(
    'network-remove',
    { networkId: old.Id, name },
    { target: name, causes: decision.causes, impact: 'recreated', after: freed },
  );
}
