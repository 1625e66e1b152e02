import { networkHash, type Project } from '@drover/compose';

import { composeLabel } from '../../model/labels.ts';
import type { NetworkBody } from '../../model/network-body.ts';
import type { Observed, ObservedNetwork } from '../../model/observed.ts';
import type { Findings } from '../problems.ts';
import { networkName } from '../spec/networking.ts';
import { networkBody, networkChanges } from './network-body.ts';

/** What is to be done about one network that the project uses. */
export type NetworkDecision =
  | { readonly kind: 'keep'; readonly key: string; readonly name: string; readonly id: string }
  | { readonly kind: 'create'; readonly key: string; readonly name: string; readonly body: NetworkBody }
  | {
      readonly kind: 'recreate';
      readonly key: string;
      readonly name: string;
      readonly body: NetworkBody;
      readonly old: ObservedNetwork;
      readonly causes: readonly string[];
    };

/** Decides about every network that is used; what cannot be is among the findings. */
export function decideNetworks(
  project: Project,
  used: ReadonlySet<string>,
  observed: Observed,
  revision: number,
  findings: Findings,
): NetworkDecision[] {
  const decisions: NetworkDecision[] = [];
  for (const key of [...used].sort()) {
    const decision = decideNetwork(project, key, observed, revision, findings);
    if (decision !== undefined) decisions.push(decision);
  }
  return decisions;
}

function decideNetwork(
  project: Project,
  key: string,
  observed: Observed,
  revision: number,
  findings: Findings,
): NetworkDecision | undefined {
  const network = Object.hasOwn(project.networks, key) ? project.networks[key] : undefined;
  if (network === undefined) {
    findings.problem('invalid', `the network ${key} is used but not declared`, ['networks', key]);
    return undefined;
  }
  const name = networkName(project, key);
  const named = observed.networks.filter((candidate) => candidate.Name === name || candidate.Id === name);
  if (network.external === true) return decideExternal(key, name, named, findings);

  const own = named.find(
    ({ Labels }) => Labels?.[composeLabel.project] === project.name && Labels[composeLabel.network] === key,
  );
  const body = networkBody(project.name, key, network, networkHash(network), observed.engine.apiVersion, revision);
  if (own !== undefined) {
    if (own.Labels?.[composeLabel.configHash] === body.Labels?.[composeLabel.configHash]) {
      return { kind: 'keep', key, name, id: own.Id };
    }
    const causes = networkChanges(body, own);
    if (causes.length === 0) return { kind: 'keep', key, name, id: own.Id };
    refuseWhileShared(own, observed, findings, key);
    return { kind: 'recreate', key, name, body, old: own, causes };
  }
  const [other] = named;
  if (other === undefined) return { kind: 'create', key, name, body };
  const owner = other.Labels?.[composeLabel.project];
  const uses = observed.containers.some((container) => Object.hasOwn(container.NetworkSettings.Networks ?? {}, name));
  if (owner === undefined && uses) {
    findings.notice(`the network ${name} was not made for this project; it is used as it stands`, ['networks', key]);
    return { kind: 'keep', key, name, id: other.Id };
  }
  const whose =
    owner === undefined
      ? 'was not made for this project'
      : owner === project.name
        ? `belongs to the key ${other.Labels?.[composeLabel.network] ?? 'none'} of this project`
        : `belongs to the project ${owner}`;
  findings.problem(
    'foreign-network',
    `the network ${name} exists and ${whose}; set "external: true" to use it as it stands, or another "name"`,
    ['networks', key],
  );
  return undefined;
}

function decideExternal(
  key: string,
  name: string,
  named: readonly ObservedNetwork[],
  findings: Findings,
): NetworkDecision | undefined {
  const [found] = named;
  if (found === undefined) {
    findings.problem(
      'missing-network',
      `the network ${name} is declared as external, and the engine has none of that name`,
      ['networks', key],
    );
    return undefined;
  }
  if (named.length > 1) {
    findings.problem('missing-network', `there are ${named.length} networks of the name ${name}; use an id as "name"`, [
      'networks',
      key,
    ]);
    return undefined;
  }
  return { kind: 'keep', key, name: found.Name, id: found.Id };
}

function refuseWhileShared(old: ObservedNetwork, observed: Observed, findings: Findings, key: string): void {
  const guests = observed.foreign.filter(({ networks }) => networks.includes(old.Id) || networks.includes(old.Name));
  if (guests.length === 0) return;
  findings.problem(
    'foreign-network',
    `the network ${old.Name} changed and must be made anew, but ${guests
      .map(({ name }) => name)
      .sort()
      .join(', ')} of another project ${guests.length === 1 ? 'is' : 'are'} connected to it`,
    ['networks', key],
  );
}
