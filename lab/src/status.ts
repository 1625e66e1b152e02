import { describeEngine } from './host/host.ts';
import { type Lab, openLabs } from './lab.ts';

/** The labs of this machine as text, one line a host. */
export async function describeLabs(): Promise<string> {
  const labs = await openLabs();
  if (labs.length === 0) return 'There is no lab.\n';
  const texts: string[] = [];
  for (const lab of labs) texts.push(await describeLab(lab));
  return texts.join('\n');
}

export async function describeLab(lab: Lab): Promise<string> {
  const { owner } = lab.record;
  const lines = [
    `${lab.name}: registry ${lab.registryAddress}, shared folder ${lab.sharedDir}${owner ? `, ends with process ${owner.pid}` : ''}`,
  ];
  for (const host of lab.hosts) {
    const state = (await host.isRunning()) ? 'up' : 'down';
    const reach = host.engine === 'none' ? '' : ` DOCKER_HOST=${host.dockerHost}`;
    lines.push(`  ${host.name}  ${state}  ${host.address}  ${describeEngine(host.engine)}${reach}`);
  }
  return `${lines.join('\n')}\n`;
}
