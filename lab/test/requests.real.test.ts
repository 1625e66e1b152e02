import { describe, expect, it } from 'vitest';
import { createLab } from '../src/index.ts';
import { leftoversOf } from './leftovers.ts';

describe('what a lab can be asked for', () => {
  it('has a registry that wants credentials, and a disk that runs full and is still there after a loss', async () => {
    const credentials = { username: 'drover', password: 'pass word:1' };
    const lab = await createLab({
      hosts: [{ diskMegabytes: 150 }],
      images: ['busybox'],
      privateRegistry: credentials,
    });
    try {
      const host = lab.hosts[0]!;
      const image = `${lab.privateRegistryAddress}/library/busybox`;
      const refused = await host.exec(['docker', 'pull', image]);
      expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/no basic auth|unauthorized/) });
      const login = [
        'docker',
        'login',
        '--username',
        credentials.username,
        '--password-stdin',
        lab.privateRegistryAddress,
      ];
      expect(await host.exec(login, { stdin: 'wrong' })).toMatchObject({ exitCode: 1 });
      expect(await host.exec(login, { stdin: credentials.password })).toMatchObject({ exitCode: 0 });
      expect(await host.exec(['docker', 'pull', image])).toMatchObject({ exitCode: 0 });

      const fill = ['docker', 'run', '--volume=data:/data', image, 'dd', 'if=/dev/zero', 'of=/data/x', 'bs=1M'];
      expect(await host.exec(fill)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('No space left') });
      await host.kill();
      await host.start();
      expect((await host.exec(['docker', 'volume', 'ls', '--quiet'])).stdout).toBe('data\n');
    } finally {
      await lab.down();
    }
    expect(await leftoversOf(lab.record.index)).toEqual([]);
  });
});
