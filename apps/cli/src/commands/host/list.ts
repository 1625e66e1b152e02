import type { HostView } from '@drover/contract';
import { chosenEnvironment } from '../../client/chosen-environment.ts';
import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import { formatBytes } from '../../terminal/units.ts';
import { paintState } from '../state-paint.ts';
import type { hostListSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof hostListSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const environment = chosenEnvironment(context.global.environment, context.environment);
  const hosts = await client.hosts.list(environment === undefined ? {} : { environment });
  if (context.global.json) context.printJson(hosts);
  else if (flags.quiet) for (const { name } of hosts) context.print(name);
  else if (hosts.length === 0) context.say('There are none. Add one with drover host add.');
  else printHosts(context, hosts);
  return 0;
}

function printHosts(context: Context, hosts: readonly HostView[]): void {
  printTable(
    context,
    [
      { title: 'HOST', flexible: true },
      { title: 'ENVIRONMENT', flexible: true },
      { title: 'STATE', paint: paintState(context.paint) },
      { title: 'CPUS', right: true },
      { title: 'MEMORY', right: true },
      { title: 'ENGINE' },
      { title: 'AGENT' },
      { title: 'LABELS', flexible: true },
      { title: 'PROBLEM', flexible: true },
    ],
    hosts.map((host) => [
      host.name,
      host.environment,
      host.state,
      host.facts === undefined ? '' : String(host.facts.cpus),
      host.facts === undefined ? '' : formatBytes(host.facts.memoryBytes),
      host.facts?.engine?.version ?? '',
      `${host.agentVersion ?? ''}${host.upgradable ? ' (old)' : ''}`,
      labelWords(host.labels),
      host.problem ?? '',
    ]),
  );
}

/** Labels as they are set: `disk=ssd zone=a`. */
export function labelWords(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
