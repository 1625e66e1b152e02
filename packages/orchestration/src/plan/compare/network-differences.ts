import type { EndpointSettings } from '../../model/container-body.ts';
import { map, set } from './canonical.ts';
import type { ContainerView } from './container-view.ts';
import type { CompareContext } from './differences.ts';

/** What differs in how the two are connected, in words. */
export function networkDifferences(want: ContainerView, have: ContainerView, context: CompareContext): string[] {
  const mode = networkMode(want, context);
  const foundMode = networkMode(have, context);
  const words: string[] = [];
  if (mode !== foundMode && (isBorrowed(mode) || isBorrowed(foundMode))) {
    const [before, after] = [shownMode(have), shownMode(want)];
    return before === after
      ? ['the container whose network it shares is another one']
      : [`network mode changed: ${before} → ${after}`];
  }
  if (isBorrowed(mode)) return words;
  const found = new Map([...have.endpoints].map(([name, endpoint]) => [context.networkId(name), { name, endpoint }]));
  for (const [name, endpoint] of want.endpoints) {
    const id = context.networkId(name);
    const other = found.get(id);
    found.delete(id);
    if (other === undefined) words.push(`network ${name} added`);
    else words.push(...endpointDifferences(name, endpoint, other.endpoint, have, context));
  }
  for (const { name } of found.values()) {
    if (context.strict || context.isProjectNetwork(name)) words.push(`network ${name} removed`);
  }
  if (words.length === 0 && mode !== foundMode) words.push(`primary network changed: ${foundMode} → ${mode}`);
  return words;
}

/** `host`, `none`, `container:…`, or the name of the primary network. */
function networkMode({ host }: ContainerView, context: CompareContext): string {
  const mode = host.NetworkMode ?? '';
  if (mode.startsWith('container:')) return `container:${context.containerId(mode.slice('container:'.length))}`;
  if (mode === '' || mode === 'default' || mode === 'bridge') return 'bridge';
  return mode === 'host' || mode === 'none' ? mode : context.networkId(mode);
}

function isBorrowed(mode: string): boolean {
  return mode === 'host' || mode === 'none' || mode === 'bridge' || mode.startsWith('container:');
}

/** Tokens and ids are no words. */
function shownMode({ host }: ContainerView): string {
  const mode = host.NetworkMode || 'bridge';
  return mode.startsWith('container:') ? 'that of another container' : mode;
}

function endpointDifferences(
  name: string,
  want: EndpointSettings,
  have: EndpointSettings,
  container: ContainerView,
  { strict, ownNames }: CompareContext,
): string[] {
  const words: string[] = [];
  const wanted = new Set(want.Aliases ?? []);
  const found = new Set(have.Aliases ?? []);
  // Before API 1.45 the engine adds names of its own.
  found.delete(container.id.slice(0, 12));
  if (!wanted.has(container.config.Hostname ?? '')) found.delete(container.config.Hostname ?? '');
  if (!strict) for (const own of ownNames) for (const aliases of [wanted, found]) aliases.delete(own);
  const extra = [...found].filter((alias) => !wanted.has(alias));
  if (extra.length > 0 || [...wanted].some((alias) => !found.has(alias)))
    words.push(`aliases on network ${name} changed`);
  const address = (endpoint: EndpointSettings): string =>
    JSON.stringify([
      endpoint.IPAMConfig?.IPv4Address || '',
      endpoint.IPAMConfig?.IPv6Address || '',
      set(endpoint.IPAMConfig?.LinkLocalIPs) ?? [],
    ]);
  if (address(want) !== address(have)) words.push(`address on network ${name} changed`);
  if (want.MacAddress && have.MacAddress && want.MacAddress.toLowerCase() !== have.MacAddress.toLowerCase()) {
    words.push(`MAC address on network ${name} changed`);
  }
  if (JSON.stringify(map(want.DriverOpts)) !== JSON.stringify(map(have.DriverOpts))) {
    words.push(`driver options on network ${name} changed`);
  }
  if ((want.GwPriority ?? 0) !== (have.GwPriority ?? 0)) words.push(`gateway priority of network ${name} changed`);
  // Tools spell the many names of one link differently.
  if (strict && JSON.stringify(set(want.Links)) !== JSON.stringify(set(have.Links)))
    words.push(`links on network ${name} changed`);
  return words;
}
