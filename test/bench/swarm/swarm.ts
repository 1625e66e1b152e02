import type { BenchOptions } from '../options.ts';
import { benchTunnel, tunnelCases } from './tunnel.ts';

/** What many hosts cost: the tunnel to them against the socket itself. */
export async function benchSwarm(options: BenchOptions): Promise<void> {
  const wanted = (name: string) => options.only.length === 0 || options.only.includes(name);
  if (tunnelCases.some(wanted)) await benchTunnel(options, wanted);
}
