import { composeLabel } from '../model/labels.ts';
import type { Observed } from '../model/observed.ts';
import { nameOf } from './candidates.ts';
import type { CompareContext } from './compare/differences.ts';
import type { NetworkDecision } from './resources/networks.ts';

/** Finds ids for the names that settings use. What is not known stays as it is. */
export function lookups(
  observed: Observed,
  networks: readonly NetworkDecision[],
): Pick<CompareContext, 'networkId' | 'containerId' | 'isProjectNetwork'> {
  const networkIds = new Map(observed.networks.map(({ Name, Id }) => [Name, Id as string]));
  for (const decision of networks) {
    if (decision.kind === 'keep') networkIds.set(decision.name, decision.id);
  }
  const own = new Set(
    observed.networks
      .filter(({ Labels }) => Labels?.[composeLabel.project] === observed.project)
      .map(({ Name }) => Name),
  );
  const containerIds = new Map<string, string>([
    ...observed.foreign.map(({ name, id }) => [name, id] as const),
    ...observed.containers.map((container) => [nameOf(container), container.Id] as const),
  ]);
  return {
    networkId: (nameOrId) => networkIds.get(nameOrId) ?? nameOrId,
    containerId: (nameOrId) => containerIds.get(nameOrId) ?? nameOrId,
    isProjectNetwork: (name) => own.has(name),
  };
}
