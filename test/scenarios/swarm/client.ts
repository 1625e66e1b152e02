import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost } from '@drover/lab';
import { inHost } from './swarm-stage.ts';

const image = 'busybox:1.36';
const name = 'client';

export interface Client {
  /** Ends it and answers how many requests it made, and what was not answered. */
  end(): Promise<{ readonly requests: number; readonly lost: readonly string[] }>;
}

/** A container on a network that asks a URL over and over, each time by a look-up and a connection of its own. */
export async function startClient(
  host: LabHost,
  { network, url }: { readonly network: string; readonly url: string },
): Promise<Client> {
  const ask = `while true; do wget -q -T 5 -O /dev/null ${url} && echo ok || echo lost at $(cut -d" " -f1 /proc/uptime); done`;
  await inHost(host, `docker run -d --name ${name} --network ${network} ${image} sh -c '${ask}'`);
  await sleep(500);
  return {
    async end() {
      const said = await inHost(host, `docker logs ${name}; docker rm -f ${name} >/dev/null`);
      const lines = said.trim().split('\n');
      return { requests: lines.length, lost: lines.filter((line) => line !== 'ok') };
    },
  };
}
