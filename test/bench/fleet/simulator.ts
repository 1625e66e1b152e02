import { setTimeout as sleep } from 'node:timers/promises';
import { mapBounded } from '@drover/base';
import type { JoinOrder } from './simulated-agent.ts';
import { joinSimulated } from './simulated-agent.ts';
import { SimulatedEngines } from './simulated-engine.ts';
import { SimulatedHost } from './simulated-host.ts';

/** What the benchmark asks of the process that simulates the hosts. */
export type Order =
  | (JoinOrder & { readonly type: 'join'; readonly hosts: number; readonly containers: number })
  /** Ends containers all over the fleet, each once. */
  | { readonly type: 'end-containers'; readonly perSecond: number; readonly seconds: number };

/** What it answers. Times are milliseconds since 1970. */
export type Told =
  | { readonly type: 'joining'; readonly at: number }
  | { readonly type: 'ended'; readonly containers: readonly (readonly [id: string, at: number])[] }
  | { readonly type: 'failed'; readonly message: string };

/** How many hosts join at once: as many as one operator's tool that runs the line on many machines. */
const joinsAtOnce = 64;
/** Milliseconds between two portions of events; finer than timers are. */
const portionMs = 10;

const engines = new SimulatedEngines();
const hosts: SimulatedHost[] = [];
const stopped = new AbortController();

async function join({ hosts: of, containers, ...order }: Extract<Order, { type: 'join' }>): Promise<void> {
  for (let number = 0; number < of; number += 1) hosts.push(new SimulatedHost({ number, of, containers }));
  tell({ type: 'joining', at: now() });
  await mapBounded(hosts, joinsAtOnce, (host) =>
    joinSimulated(host, engines, order, { signal: stopped.signal, onConnected: () => {} }),
  );
}

async function endContainers({ perSecond, seconds }: Extract<Order, { type: 'end-containers' }>): Promise<void> {
  const queues = hosts.map((host) => ({
    host,
    ids: [...host.containers.values()].filter(({ State }) => State === 'running').map(({ Id }) => Id as string),
  }));
  const ended: [string, number][] = [];
  const began = performance.now();
  for (let due = 0; ended.length < perSecond * seconds; ) {
    due = Math.min(perSecond * seconds, Math.floor(((performance.now() - began) / 1000) * perSecond));
    while (ended.length < due) {
      const { host, ids } = queues[ended.length % queues.length]!;
      const id = ids.pop();
      if (id === undefined) throw new Error(`ending containers: ${host.name} has none that runs`);
      ended.push([id, now()]);
      host.end(id);
    }
    await sleep(portionMs);
  }
  tell({ type: 'ended', containers: ended });
}

function tell(told: Told): void {
  process.send?.(told);
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

process.on('message', (order: Order) => {
  const work = order.type === 'join' ? join(order) : endContainers(order);
  work.catch((error: unknown) =>
    tell({ type: 'failed', message: error instanceof Error ? error.message : `${error}` }),
  );
});
process.on('disconnect', () => process.exit(0));
