import type { Service } from '@drover/compose';
import type { HostConfig } from '../../model/container-body.ts';

/**
 * Capabilities as docker compose sends them: sorted, spelled `CAP_…`, `ALL` standing for every other, and one that is both added
 * and dropped only added.
 */
export function effectiveCapabilities({ cap_add, cap_drop }: Service): Pick<HostConfig, 'CapAdd' | 'CapDrop'> {
  const added = canonical(cap_add);
  const dropped = canonical(cap_drop).filter((name) => !added.includes(name));
  return {
    CapAdd: added.length > 0 ? added : undefined,
    CapDrop: dropped.length > 0 ? dropped : undefined,
  };
}

function canonical(names: readonly string[] | undefined): readonly string[] {
  const spelled = new Set((names ?? []).map(capabilityName));
  return spelled.has('ALL') ? ['ALL'] : [...spelled].sort();
}

/** `net_admin` as `CAP_NET_ADMIN`; `ALL` stays. */
export function capabilityName(name: string): string {
  const upper = name.trim().toUpperCase();
  return upper === 'ALL' || upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
}
