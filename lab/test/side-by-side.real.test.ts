import { describe, expect, it } from 'vitest';
import { createLab } from '../src/index.ts';
import { leftoversOf } from './leftovers.ts';

describe('two labs at once', () => {
  it('do not see each other, and the end of one leaves the other as it is', async () => {
    const [one, two] = await Promise.all([
      createLab({ hosts: [{}], images: ['busybox'] }),
      createLab({ hosts: [{ name: 'other' }], images: ['busybox'] }),
    ]);
    try {
      expect(one.record.index).not.toBe(two.record.index);
      const first = one.hosts[0]!;
      const second = two.hosts[0]!;
      await first.exec(['docker', 'volume', 'create', 'mine']);
      expect((await second.exec(['docker', 'volume', 'ls', '--quiet'])).stdout).toBe('');
      const asked = await first.exec(['curl', '-sm', '2', `http://${second.address}:2375/_ping`]);
      expect(asked.stdout).toBe('');
      expect((await fetch(`http://${second.address}:2375/_ping`)).status).toBe(200);
      await one.down();
      expect(await leftoversOf(one.record.index)).toEqual([]);
      expect((await second.exec(['docker', 'run', '--rm', 'busybox', 'echo', 'alive'])).stdout).toBe('alive\n');
    } finally {
      await one.down();
      await two.down();
    }
    expect(await leftoversOf(two.record.index)).toEqual([]);
  });
});
