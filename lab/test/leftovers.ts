import { readdirSync, readFileSync } from 'node:fs';
import { cgroupHierarchies, processesOf } from '../src/cgroups.ts';
import { mustRun } from '../src/command.ts';
import { linksOf } from '../src/fabric.ts';
import { labStateFolder, labWorkFolder } from '../src/folders.ts';
import { subnetOf } from '../src/subnet.ts';

/** Everything on this machine that belongs to a lab, in words; empty once it is gone. */
export async function leftoversOf(index: number): Promise<string[]> {
  const subnet = subnetOf(index);
  const mine = new RegExp(`/(run|var/lib)/drover-lab/${index}(/|\\s|$)`);
  const links = await linksOf(subnet);
  const rules = (await mustRun('listing rules', 'iptables', ['-w', '-S'])).split('\n');
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const groups = (await cgroupHierarchies()).flatMap(({ mountPoint }) =>
    readdirSync(mountPoint).filter((name) => name === `drover-lab-${index}`),
  );
  const folders = [labStateFolder(index), labWorkFolder(index)].filter((path) => {
    try {
      return readdirSync(path);
    } catch {
      return false;
    }
  });
  const loops = (await mustRun('listing loop devices', 'losetup', ['--noheadings', '--output=BACK-FILE'])).split('\n');
  return [
    ...links.map((link) => `link ${link}`),
    ...rules.filter((rule) => rule.split(' ').includes(subnet.bridge)).map((rule) => `rule ${rule}`),
    ...mounts.filter((mount) => mine.test(mount)).map((mount) => `mount ${mount}`),
    ...loops.filter((file) => mine.test(file)).map((file) => `loop device of ${file}`),
    ...groups.map((group) => `control group ${group}`),
    ...folders.map((folder) => `folder ${folder}`),
    ...(await processesOf(index)).map((pid) => `process ${pid} in its control groups`),
    ...processesThatName(mine).map((pid) => `process ${pid} by its arguments`),
  ];
}

function processesThatName(pattern: RegExp): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return pattern.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        return false;
      }
    });
}
