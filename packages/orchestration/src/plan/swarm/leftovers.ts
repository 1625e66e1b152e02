import { droverLabel } from '../../model/labels.ts';
import type { ObservedNetwork } from '../../model/observed.ts';
import type { SwarmDesired } from '../../model/swarm/desired.ts';
import { stackLabel, swarmLabel } from '../../model/swarm/labels.ts';
import type { ObservedFile, ObservedService, SwarmObserved } from '../../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../../model/swarm/plan-options.ts';
import type { Findings } from '../problems.ts';
import type { SwarmDecision } from './decide-swarm.ts';
import { preStartNames } from './emit-pre-start.ts';
import { namedBy } from './resources/named-by.ts';
import { ownNetworks } from './resources/networks.ts';

/** What stands of the stack and nothing wants any more. */
export interface Leftovers {
  readonly services: readonly ObservedService[];
  readonly networks: readonly ObservedNetwork[];
  readonly secrets: readonly ObservedFile[];
  readonly configs: readonly ObservedFile[];
}

/** `unpinned` are the keys of services that Swarm runs no more: they are pinned containers now. */
export function findLeftovers(
  desired: SwarmDesired,
  observed: SwarmObserved,
  options: SwarmPlanOptions,
  decision: SwarmDecision,
  pinned: ReadonlySet<string>,
  findings: Findings,
): Leftovers {
  const hooks = new Set(decision.services.filter(({ replacesTasks }) => replacesTasks).flatMap(preStartNames));
  // The job of a hook that an earlier run left goes before the hook runs again.
  const services = orphans(desired, observed, options, pinned, findings).filter(
    ({ Spec }) => !hooks.has(Spec.Name ?? ''),
  );
  if (options.services !== undefined || options.orphans === 'none') {
    return { services, networks: [], secrets: [], configs: [] };
  }
  const gone = new Set(services.map(({ ID }) => ID));
  const concerned = new Set(decision.services.map(({ spec }) => spec.Name));
  const staying = observed.services.filter(({ ID, Spec }) => !gone.has(ID) && !concerned.has(Spec.Name ?? ''));
  const needed = new Set([
    ...decision.services.flatMap(({ spec }) => namedBy(spec)),
    ...staying.flatMap(({ Spec }) => namedBy(Spec)),
    ...observed.foreign.flatMap(({ uses }) => uses),
    ...decision.networks.flatMap(({ name, id }) => [name, ...(id === undefined ? [] : [id])]),
    ...(options.keep ?? []),
  ]);
  const inUse = new Set(observed.services.flatMap(({ Spec }) => namedBy(Spec)));
  const all = options.orphans === 'all';
  const isLeft = (id: string, name: string, made: boolean): boolean =>
    !needed.has(id) && !needed.has(name) && (all || made || inUse.has(id) || inUse.has(name));
  const ownFiles = (files: readonly ObservedFile[]): readonly ObservedFile[] =>
    files.filter(
      ({ ID, Spec }) =>
        Spec.Labels?.[stackLabel.namespace] === observed.project &&
        isLeft(ID, Spec.Name, Spec.Labels[swarmLabel.key] !== undefined),
    );
  return {
    services,
    networks: ownNetworks(observed).filter(({ Id, Name, Labels }) =>
      isLeft(Id, Name, Labels?.[droverLabel.revision] !== undefined),
    ),
    secrets: ownFiles(observed.secrets),
    configs: ownFiles(observed.configs),
  };
}

function orphans(
  { project }: SwarmDesired,
  observed: SwarmObserved,
  options: SwarmPlanOptions,
  pinned: ReadonlySet<string>,
  findings: Findings,
): readonly ObservedService[] {
  const policy = options.orphans ?? 'own';
  return observed.services
    .filter((standing) => {
      const name = keyOf(observed.project, standing);
      const known = Object.hasOwn(project.services, name) || Object.hasOwn(project.disabledServices, name);
      if (options.services !== undefined && !options.services.includes(name)) return false;
      if (known) return pinned.has(name);
      if (policy === 'all' || (policy === 'own' && standing.Spec.Labels?.[droverLabel.revision] !== undefined))
        return true;
      findings.notice(`the service ${standing.Spec.Name} is not in the project; it stays`, ['services']);
      return false;
    })
    .sort((a, b) => ((a.Spec.Name ?? '') < (b.Spec.Name ?? '') ? -1 : 1));
}

/** The key in the project of a service that stands. */
export function keyOf(project: string, { Spec }: ObservedService): string {
  const name = Spec.Name ?? '';
  return name.startsWith(`${project}_`) ? name.slice(project.length + 1) : name;
}
