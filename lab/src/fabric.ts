import { mustRun, runCommand } from './command.ts';
import { type HostLink, type LabSubnet, labAddressSpace } from './subnet.ts';

/** Lays a lab's bridge with the machine's own address on it. */
export async function layBridge(subnet: LabSubnet): Promise<void> {
  const ip = (...args: string[]) => mustRun(`laying the bridge ${subnet.bridge}`, 'ip', args);
  // Without an address of its own a bridge takes that of one of its links, and what that link's host sends would arrive here after a cut.
  await ip('link', 'add', subnet.bridge, 'address', subnet.bridgeHardwareAddress, 'type', 'bridge');
  await ip('addr', 'add', `${subnet.bridgeAddress}/${subnet.prefixLength}`, 'dev', subnet.bridge);
  await ip('link', 'set', subnet.bridge, 'up');
  // An engine in the machine's own namespace drops what it does not know, and br_netfilter shows it bridged traffic too.
  await mustRun('letting hosts talk to each other', 'iptables', ['-w', '-I', ...acceptRule(subnet)]);
  // What is sent to a lab that is gone must not leave by the default route. This one route stays for good.
  await ip('route', 'replace', 'unreachable', labAddressSpace, 'metric', '4278198272');
}

/** Takes away what layBridge and plugIn made, as far as it is there. */
export async function removeFabric(subnet: LabSubnet): Promise<void> {
  for (const link of await linksOf(subnet)) await runCommand('ip', ['link', 'delete', link]);
  while ((await runCommand('iptables', ['-w', '-D', ...acceptRule(subnet)])).exitCode === 0);
}

/** Gives the network namespace of a process its link into the bridge, named eth0 there. */
export async function plugIn(subnet: LabSubnet, host: HostLink, pid: number): Promise<void> {
  const doing = `plugging in ${host.address}`;
  await mustRun(doing, 'ip', [
    'link',
    'add',
    host.link,
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'address',
    host.hardwareAddress,
    'netns',
    String(pid),
  ]);
  await mustRun(doing, 'ip', ['link', 'set', host.link, 'master', subnet.bridge, 'up']);
  const batch = `addr add ${host.address}/${subnet.prefixLength} dev eth0\nlink set lo up\nlink set eth0 up\n`;
  await mustRun(doing, 'nsenter', ['--target', String(pid), '--net', 'ip', '-batch', '-'], { stdin: batch });
}

/** Takes a host's link off the bridge: to everyone else it is as if the cable were cut. */
export async function cutLink(host: HostLink): Promise<void> {
  await mustRun(`cutting off ${host.address}`, 'ip', ['link', 'set', host.link, 'nomaster']);
}

export async function healLink(subnet: LabSubnet, host: HostLink): Promise<void> {
  await mustRun(`connecting ${host.address} again`, 'ip', ['link', 'set', host.link, 'master', subnet.bridge]);
}

/** Removes a host's link if it is still there; it also goes by itself, a moment after its namespace. */
export async function unplug(host: HostLink): Promise<void> {
  await runCommand('ip', ['link', 'delete', host.link]);
}

/** The links of a lab that exist now, its hosts' before its bridge. */
export async function linksOf(subnet: LabSubnet): Promise<string[]> {
  return (await labLinks())
    .filter((link) => link === subnet.bridge || link.startsWith(`${subnet.bridge}h`))
    .sort()
    .reverse();
}

/** Every link of any lab. */
export async function labLinks(): Promise<string[]> {
  const shown = JSON.parse(await mustRun('listing links', 'ip', ['-json', 'link', 'show'])) as { ifname: string }[];
  return shown.map((link) => link.ifname).filter((name) => /^dlab\d+(h\d+)?$/.test(name));
}

function acceptRule(subnet: LabSubnet): string[] {
  return ['FORWARD', '-i', subnet.bridge, '-j', 'ACCEPT'];
}
