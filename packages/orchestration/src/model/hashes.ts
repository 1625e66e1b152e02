import type { Network, Service, Volume } from '@drover/compose';

// Stands in until @drover/compose has the real ones.
function digest(value: unknown): string {
  const text = JSON.stringify(value);
  let a = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) a = Math.imul(a ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return `stub${a.toString(16)}-${text.length}`;
}
export const serviceHash = ({ build, pull_policy, scale, depends_on, profiles, ...rest }: Service): string =>
  digest(rest);
export const networkHash = (network: Network): string => digest(network);
export const volumeHash = (volume: Volume): string => digest(volume);
