import type { Resources, RestartPolicy } from '../../model/container-body.ts';
import type { ContainerView } from './container-view.ts';
import { fieldRules } from './rules.ts';

export interface Drift {
  readonly causes: readonly string[];
  readonly change: Resources & { readonly RestartPolicy?: RestartPolicy };
}

/**
 * What somebody changed in a container, made from what is wanted, with `docker update`. A limit that the container lacks
 * is no drift: kernels without the controller drop it. Undefined where nothing drifted.
 */
export function updateDrift(want: ContainerView, have: ContainerView): Drift | undefined {
  const causes: string[] = [];
  for (const rule of fieldRules) {
    if (rule.updatable !== true) continue;
    const wanted = rule.read(want);
    const found = rule.read(have);
    if (wanted === undefined || found === undefined || JSON.stringify(wanted) === JSON.stringify(found)) continue;
    causes.push(`${rule.field} was changed outside: ${String(found)} → ${String(wanted)}`);
  }
  if (causes.length === 0) return undefined;
  const { host } = want;
  const swap = host.MemorySwap || ((have.host.MemorySwap ?? 0) > 0 ? 2 * (host.Memory ?? 0) : 0);
  const change: Resources = {
    Memory: host.Memory,
    MemoryReservation: host.MemoryReservation,
    MemorySwap: swap,
    NanoCpus: host.NanoCpus,
    CpuShares: host.CpuShares,
    CpuPeriod: host.CpuPeriod,
    CpuQuota: host.CpuQuota,
    CpuRealtimePeriod: host.CpuRealtimePeriod,
    CpuRealtimeRuntime: host.CpuRealtimeRuntime,
    CpusetCpus: host.CpusetCpus,
    PidsLimit: host.PidsLimit,
    BlkioWeight: host.BlkioWeight,
  };
  const given = Object.entries(change).filter(
    ([, value]) => value !== undefined && value !== null && value !== 0 && value !== '',
  );
  return { causes, change: { ...Object.fromEntries(given), RestartPolicy: host.RestartPolicy ?? { Name: 'no' } } };
}
