import { describe, expect, it } from 'vitest';
import { createLab } from '../src/index.ts';

describe('a bare host', () => {
  it('has Node but no Docker, and reaches the package registries and nothing else', async () => {
    await using lab = await createLab({ hosts: [{ engine: 'none' }], images: [] });
    const host = lab.hosts[0]!;
    expect((await host.exec(['node', '--version'])).stdout).toMatch(/^v20\./);
    expect((await host.exec(['sh', '-c', 'command -v docker dockerd'])).exitCode).not.toBe(0);
    const refused = await host.exec(['curl', '-sS', 'https://name.example/']);
    expect(refused).toMatchObject({ exitCode: 56, stderr: expect.stringContaining('403') });
    expect((await host.exec(['curl', '-sS', '--noproxy', '*', 'http://192.0.2.1/'])).exitCode).toBe(7);
    const updated = await host.exec(['apt-get', 'update']);
    expect(updated, updated.stderr).toMatchObject({ exitCode: 0 });
    const simulated = await host.exec(['apt-get', 'install', '--simulate', 'docker.io']);
    expect(simulated, simulated.stderr).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Inst docker.io'),
    });
    const viewed = await host.exec(['npm', 'view', 'typescript', 'name']);
    expect(viewed, viewed.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('typescript') });
  });
});
