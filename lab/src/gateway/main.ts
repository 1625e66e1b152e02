import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createNameServer } from './dns.ts';
import { createProxy } from './proxy.ts';

/** What a lab's hosts find on the bridge's address. */
export interface GatewayPlan {
  readonly address: string;
  /** Host name → address. */
  readonly names: Readonly<Record<string, string>>;
  /** The proxy to the package registries, for labs that have one. */
  readonly proxy: { readonly port: number; readonly allowed: readonly string[] } | null;
}

/** The port on which names are looked up. */
const namePort = 53;

const plan = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as GatewayPlan;
const names = createNameServer(new Map(Object.entries(plan.names)));
names.bind(namePort, plan.address);
await once(names, 'listening');
if (plan.proxy) {
  const proxy = createProxy(new Set(plan.proxy.allowed));
  proxy.listen(plan.proxy.port, plan.address);
  await once(proxy, 'listening');
}
process.stdout.write('ready\n');
