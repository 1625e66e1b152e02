import type { BenchOptions } from '../options.ts';
import { benchAgentLost } from './agent-lost.ts';
import { benchFailover, failoverCases } from './failover.ts';
import { benchStack } from './stack.ts';
import { benchTunnel, tunnelCases } from './tunnel.ts';

/** What many hosts cost: a stack on a Swarm against docker itself, losses of hosts, the tunnel against the socket itself. */
export async function benchSwarm(options: BenchOptions): Promise<void> {
  const wanted = (name: string) => options.only.length === 0 || options.only.includes(name);
  if (wanted('stack-20')) await benchStack(options);
  if (wanted('agent-lost-s')) await benchAgentLost(options);
  if (failoverCases.some(wanted)) await benchFailover(options);
  if (tunnelCases.some(wanted)) await benchTunnel(options, wanted);
}
