import type { Inspected, Inspection } from './inspection.ts';

/** Fields whose values belong to one creation: ids, times, addresses that the engine deals out, places on its disk. */
const ownOfOneCreation = new Set([
  'Id',
  'Created',
  'CreatedAt',
  'StartedAt',
  'FinishedAt',
  'Pid',
  'EndpointID',
  'NetworkID',
  'SandboxID',
  'SandboxKey',
  'IPAddress',
  'GlobalIPv6Address',
  'DNSNames',
  'HostnamePath',
  'HostsPath',
  'LogPath',
  'ResolvConfPath',
  'GraphDriver',
  'Storage',
  'Containers',
  'Health',
  'ExecIDs',
]);

/** Lists of which docker compose leaves the order to chance, and which therefore has no meaning. */
const unordered = new Set(['Env', 'Binds', 'Mounts', 'ExtraHosts', 'Links', 'Aliases', 'Ulimits']);

/** The inspection without what belongs to one creation alone, and without Drover's own labels. */
export function normalise(inspection: Inspection): Inspection {
  const ids = new Map<string, string>();
  for (const [name, object] of [...Object.entries(inspection.containers), ...Object.entries(inspection.networks)])
    ids.set(textOf(object, 'Id'), `<id of ${name}>`);
  for (const name of namelessVolumes(inspection.containers)) ids.set(name, '<nameless volume>');
  const clean = (objects: Inspected): Inspected =>
    Object.fromEntries(Object.entries(objects).map(([name, object]) => [name, cleaned(object, ids)]));
  return {
    containers: clean(inspection.containers),
    networks: clean(inspection.networks),
    volumes: clean(inspection.volumes),
  };
}

function cleaned(value: unknown, ids: ReadonlyMap<string, string>, key = ''): unknown {
  if (typeof value === 'string') return cleanedText(value, ids, key);
  if (Array.isArray(value)) {
    const entries = value.map((entry) => cleaned(entry, ids));
    return unordered.has(key) ? entries.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : entries;
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !ownOfOneCreation.has(name) && !name.startsWith('io.drover.'));
  return Object.fromEntries(kept.map(([name, entry]) => [name, cleaned(entry, ids, name)]));
}

function cleanedText(text: string, ids: ReadonlyMap<string, string>, key: string): string {
  if (/^[0-9a-f]{12}$/.test(text) && [...ids.keys()].some((id) => id.startsWith(text))) return '<short id>';
  if (key === 'com.docker.compose.depends_on') return text.split(',').sort().join(',');
  let clean = text.replace(/\/overlay2\/[0-9a-f]{64}\//, '/<layers>/');
  for (const [id, name] of ids) clean = clean.replaceAll(id, name);
  return clean;
}

function namelessVolumes(containers: Inspected): string[] {
  const mounts = Object.values(containers).flatMap((container) =>
    typeof container === 'object' && container !== null && 'Mounts' in container && Array.isArray(container.Mounts)
      ? container.Mounts
      : [],
  );
  return mounts.map((mount) => textOf(mount, 'Name')).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

function textOf(object: unknown, key: string): string {
  return String(Reflect.get(Object(object), key) ?? '');
}
