import type { ClusterHostFacts, ObservedSwarm } from '../../model/cluster/observed.ts';

/**
 * Engines from this one on fetch their certificate over TLS that must name its protocol (ALPN). Managers with older ones do not name it any
 * more once they were promoted, until their engine is restarted: `docker swarm join` fails at them. Once a host is in it talks to such
 * managers all the same. Seen on 28.5 with 20.10 and 26.1.
 */
const strictSince = '28';

/** Addresses of the managers that a host can join by. */
export function waysIn({ nodes }: ObservedSwarm, { engineVersion }: ClusterHostFacts): readonly string[] {
  const managers = nodes.flatMap(({ manager, address, engineVersion: version }) =>
    manager?.reachable === true && address !== undefined ? [{ address, version }] : [],
  );
  const accepted = isStrict(engineVersion) ? managers.filter(({ version }) => isStrict(version)) : managers;
  // Not every older one refuses; where all do, its engine says so.
  return (accepted.length > 0 ? accepted : managers).map(({ address }) => address);
}

function isStrict(version: string | undefined): boolean {
  return compareVersions(version, strictSince) >= 0;
}

/** By number, part by part; unknown is oldest. */
export function compareVersions(a = '0', b = '0'): number {
  const [left, right] = [a, b].map((text) => text.split(/[.+-]/).map((part) => Number.parseInt(part, 10) || 0));
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
