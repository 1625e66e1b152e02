import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeEvent } from '@drover/contract';
import type { FleetClient } from './fleet-client.ts';
import type { FleetProcess } from './fleet-process.ts';

const warmUpS = 3;
const countedS = 20;
const perSecond = 1000;
const graceMs = 5000;

export interface MeasuredEvents {
  /** Milliseconds of each event from its engine to the subscriber. */
  readonly latencies: readonly number[];
  /** All containers that ended, those of the warm-up too. */
  readonly ended: number;
  /** Events that never came. */
  readonly missing: number;
  /** How often the subscriber was told to read everything again. */
  readonly resyncs: number;
}

/**
 * Ends containers all over the fleet and takes the time until a subscriber hears of each. Both processes read the same clock of the
 * machine. The first seconds warm up and do not count.
 */
export async function measureEvents(
  simulator: FleetProcess,
  client: FleetClient,
  eventsPath: string,
): Promise<MeasuredEvents> {
  const heard = new Map<string, number>();
  const response = await client.open('GET', eventsPath);
  let resyncs = 0;
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const at = performance.timeOrigin + performance.now();
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: ')) continue;
      const event = JSON.parse(line.slice(6)) as ChangeEvent;
      if (event.type === 'resync') resyncs += 1;
      if (event.type === 'container' && event.action === 'die' && !heard.has(event.container))
        heard.set(event.container, at);
    }
  });
  response.on('error', () => {});
  await sleep(500);
  const ended = simulator.told('ended');
  simulator.order({ type: 'end-containers', perSecond, seconds: warmUpS + countedS });
  const { containers } = await ended;
  const until = performance.now() + graceMs;
  while (heard.size < containers.length && performance.now() < until) await sleep(50);
  response.destroy();
  const counted = containers.slice(warmUpS * perSecond);
  const latencies = counted.flatMap(([id, at]) => {
    const heardAt = heard.get(id);
    return heardAt === undefined ? [] : [heardAt - at];
  });
  return { latencies, ended: containers.length, missing: containers.length - heard.size, resyncs };
}
