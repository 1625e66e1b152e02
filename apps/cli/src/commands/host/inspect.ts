import type { HostFactsView, HostLoadView, HostView } from '@drover/contract';
import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { renderPairs } from '../../terminal/table.ts';
import { formatAgo, formatBytes } from '../../terminal/units.ts';
import { labelWords } from './list.ts';
import type { hostInspectSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof hostInspectSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const host = await client.hosts.get({ host: args[0]! });
  const answers = host.state === 'ready' || host.state === 'draining' || host.state === 'drained';
  // A host that is lost between the two questions still is shown.
  const load = answers ? await client.hosts.load({ host: host.id }).catch(() => undefined) : undefined;
  if (context.global.json) context.printJson(load === undefined ? host : { ...host, load });
  else
    for (const line of renderPairs(pairsOf(host, load, context.now()), (name) => context.paint('dim', name)))
      context.print(line);
  return 0;
}

function pairsOf(host: HostView, load: HostLoadView | undefined, now: number): [string, string][] {
  const pairs: [string, string | undefined][] = [
    ['Host', `${host.name} (${host.id})`],
    ['Environment', host.environment],
    ['State', host.state],
    ['Problem', host.problem],
    ['Labels', labelWords(host.labels) || undefined],
    [
      'Agent',
      host.agentVersion && `${host.agentVersion}${host.upgradable ? '; drover host upgrade has a newer one' : ''}`,
    ],
    ['Dials from', host.address],
    ['Joined', formatAgo(host.joinedAt, now)],
    ['Connected', host.connectedAt && formatAgo(host.connectedAt, now)],
    ['Lost', host.lostAt && formatAgo(host.lostAt, now)],
    ...(host.facts === undefined ? [] : factPairs(host.facts)),
    ...(load === undefined ? [] : loadPairs(load)),
    ['Certificate', `until ${host.certificateExpiresAt.slice(0, 10)}, renewed by itself`],
  ];
  return pairs.filter((pair): pair is [string, string] => Boolean(pair[1]));
}

function factPairs({
  hostname,
  distribution,
  kernel,
  architecture,
  cpus,
  memoryBytes,
  engine,
  abilities,
}: HostFactsView) {
  const can = (['ipvs', 'wireguard', 'esp', 'criu'] as const).map((name) => (abilities[name] ? name : `no ${name}`));
  const pairs: [string, string | undefined][] = [
    ['Machine', `${hostname}, ${distribution}, kernel ${kernel}, ${architecture}`],
    ['Size', `${cpus} CPUs, ${formatBytes(memoryBytes)}`],
    ['Kernel', `${can.join(', ')}, cgroup v${abilities.cgroupVersion}`],
    ['Engine', engine && `Docker ${engine.version} (API ${engine.apiVersion})`],
  ];
  return pairs;
}

function loadPairs({ cpu, memoryUsedBytes, memoryBytes, disks }: HostLoadView): [string, string][] {
  return [
    ['Load', `CPU ${Math.round(cpu * 100)} %, memory ${formatBytes(memoryUsedBytes)} of ${formatBytes(memoryBytes)}`],
    ...disks.map(({ path, totalBytes, freeBytes }): [string, string] => [
      'Disk',
      `${path}: ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free`,
    ]),
  ];
}
