import type { WantedManagers } from '../../model/cluster/wanted.ts';

/** How many managers so many hosts shall have: 1, 3 or 5, or as many of the fixed number as there are hosts, always odd. */
export function managerCount(wanted: WantedManagers, hosts: number): number {
  const most = wanted.mode === 'fixed' ? wanted.count : 5;
  const count = Math.min(most, hosts);
  return Math.max(1, count % 2 === 0 ? count - 1 : count);
}

/** Why the number makes no sense, or undefined. */
export function managerCountProblem(wanted: WantedManagers): string | undefined {
  if (wanted.mode !== 'fixed') return undefined;
  if (Number.isInteger(wanted.count) && wanted.count >= 1 && wanted.count <= 7 && wanted.count % 2 === 1)
    return undefined;
  return `${wanted.count} managers: the number has to be 1, 3, 5 or 7; an even one bears no more losses than the odd one below it`;
}
