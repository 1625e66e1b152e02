import { isToolLabel } from '../../model/labels.ts';
import { mountsByTarget, publishedPorts } from './canonical.ts';
import { type ContainerView, variableName } from './container-view.ts';
import { networkDifferences } from './network-differences.ts';
import { fieldRules } from './rules.ts';

export interface CompareContext {
  /**
   * Whether a setting that nothing asks for may only have a value that an engine fills in by itself. Off for containers
   * of unknown making: there, what an engine may fill in cannot be told from what somebody asked for.
   */
  readonly strict: boolean;
  /** The names of the slot's container; not every tool makes an alias of it. */
  readonly ownNames: readonly string[];
  /** Paths of secrets and configs: bound or put there, which comes to the same. */
  readonly fileTargets: ReadonlySet<string>;
  /** Whether the container that stands had files put into it. */
  readonly filesWerePut: boolean;
  /** The network's id for its name or id. */
  readonly networkId: (nameOrId: string) => string;
  /** The container's id for its name or id. */
  readonly containerId: (nameOrId: string) => string;
  /** Whether a network is the project's own. */
  readonly isProjectNetwork: (name: string) => boolean;
}

/** What tells the container that stands from the one that is wanted, in words; empty when they mean the same. */
export function containerDifferences(want: ContainerView, have: ContainerView, context: CompareContext): string[] {
  return [
    ...environmentDifferences(want, have),
    ...fieldDifferences(want, have, context.strict),
    ...portDifferences(want, have),
    ...mountDifferences(want, have, context),
    ...volumesFromDifferences(want, have, context),
    ...networkDifferences(want, have, context),
    ...labelDifferences(want, have),
  ];
}

function fieldDifferences(want: ContainerView, have: ContainerView, strict: boolean): string[] {
  const words: string[] = [];
  for (const rule of fieldRules) {
    const wanted = rule.read(want);
    const found = rule.read(have);
    if (wanted === undefined) {
      if (found === undefined || rule.filledIn?.(found, have) === true) continue;
      if (!strict && rule.filledIn !== undefined) continue;
    } else if (JSON.stringify(wanted) === JSON.stringify(found)) continue;
    words.push(
      rule.shown === true
        ? `${rule.field} changed: ${String(found ?? 'none')} → ${String(wanted ?? 'none')}`
        : `${rule.field} changed`,
    );
  }
  return words;
}

/** Proxy settings that docker compose adds from the user's Docker configuration. */
const proxyVariable = /^(https?|ftp|no|all)_proxy$/i;

function environmentDifferences(want: ContainerView, have: ContainerView): string[] {
  const wanted = new Map((want.config.Env ?? []).map((entry) => [variableName(entry), entry]));
  const found = new Map((have.config.Env ?? []).map((entry) => [variableName(entry), entry]));
  for (const name of found.keys()) if (proxyVariable.test(name) && !wanted.has(name)) found.delete(name);
  return mapDifferences('environment', wanted, found);
}

function labelDifferences(want: ContainerView, have: ContainerView): string[] {
  const own = (labels: ContainerView['config']['Labels']): Map<string, string> =>
    new Map(
      Object.entries(labels ?? {}).filter(([name]) => !isToolLabel(name) && !name.startsWith('desktop.docker.io/')),
    );
  return mapDifferences('label', own(want.config.Labels), own(have.config.Labels));
}

function portDifferences(want: ContainerView, have: ContainerView): string[] {
  const wanted = new Map(publishedPorts(want.host.PortBindings).map((port) => [port, port]));
  const found = new Map(publishedPorts(have.host.PortBindings).map((port) => [port, port]));
  return mapDifferences('port', wanted, found);
}

function mountDifferences(want: ContainerView, have: ContainerView, context: CompareContext): string[] {
  const wanted = mountsByTarget(want);
  const found = mountsByTarget(have);
  const anonymous = (target: string): boolean => {
    const mount = found.get(target);
    return mount?.startsWith('["volume","",') === true && have.imageVolumes.includes(target);
  };
  for (const target of new Set([...wanted.keys(), ...found.keys()])) {
    const deliveredOtherwise =
      context.fileTargets.has(target) &&
      ((!wanted.has(target) && found.has(target)) || (!found.has(target) && context.filesWerePut));
    const declaredOtherwise = wanted.get(target)?.startsWith('["volume","",') === true && !found.has(target);
    const asVolume = declaredOtherwise && have.imageVolumes.includes(target);
    if (deliveredOtherwise || asVolume || (!wanted.has(target) && anonymous(target))) {
      wanted.delete(target);
      found.delete(target);
    }
  }
  return mapDifferences('mount', wanted, found);
}

function volumesFromDifferences(want: ContainerView, have: ContainerView, context: CompareContext): string[] {
  const canonical = (view: ContainerView): string =>
    (view.host.VolumesFrom ?? [])
      .map((entry) => context.containerId(entry.split(':')[0] ?? entry))
      .sort()
      .join();
  return canonical(want) === canonical(have) ? [] : ['volumes of other containers changed'];
}

/** `environment LOG_LEVEL added`, by name. */
export function mapDifferences(
  what: string,
  wanted: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): string[] {
  const words: string[] = [];
  for (const name of [...new Set([...wanted.keys(), ...found.keys()])].sort()) {
    if (wanted.get(name) === found.get(name)) continue;
    words.push(`${what} ${name} ${!found.has(name) ? 'added' : wanted.has(name) ? 'changed' : 'removed'}`);
  }
  return words;
}
