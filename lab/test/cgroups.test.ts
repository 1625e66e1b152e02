import { describe, expect, it } from 'vitest';
import { parseCgroupHierarchies } from '../src/cgroups.ts';

const line = (mountPoint: string, type: string, options: string) =>
  `31 23 0:27 / ${mountPoint} rw,nosuid shared:9 - ${type} ${type} ${options}`;

describe('parseCgroupHierarchies', () => {
  it('takes version 1 with its options where the controllers are in it', () => {
    const mountInfo = [
      line('/', 'ext4', 'rw'),
      line('/sys/fs/cgroup/unified', 'cgroup2', 'rw'),
      line('/sys/fs/cgroup/cpu,cpuacct', 'cgroup', 'rw,cpu,cpuacct'),
      line('/sys/fs/cgroup/memory', 'cgroup', 'rw,memory'),
      line('/sys/fs/cgroup/systemd', 'cgroup', 'rw,xattr,name=systemd'),
    ].join('\n');
    expect(parseCgroupHierarchies(mountInfo)).toEqual([
      { mountPoint: '/sys/fs/cgroup/cpu,cpuacct', options: 'cpu,cpuacct', unified: false },
      { mountPoint: '/sys/fs/cgroup/memory', options: 'memory', unified: false },
      { mountPoint: '/sys/fs/cgroup/systemd', options: 'name=systemd', unified: false },
    ]);
  });

  it('takes the unified hierarchy where there is nothing else', () => {
    const mountInfo = line('/sys/fs/cgroup', 'cgroup2', 'rw,nsdelegate,memory_recursiveprot');
    expect(parseCgroupHierarchies(mountInfo)).toMatchObject([{ mountPoint: '/sys/fs/cgroup', unified: true }]);
    expect(parseCgroupHierarchies('')).toEqual([]);
  });
});
