import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { labWorkFolder } from '../src/folders.ts';
import { createLab } from '../src/index.ts';
import { readLabRecord, recordedIndexes } from '../src/lab-record.ts';
import { labLimit } from '../src/subnet.ts';
import { sweepAbandonedLabs, withLabsLocked } from '../src/sweep.ts';
import { leftoversOf } from './leftovers.ts';

const ownerScript = fileURLToPath(new URL('owner-child.ts', import.meta.url));

async function startOwner(...args: string[]) {
  const owner = spawn(process.execPath, [ownerScript, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: owner.stdout }), 'line');
  return { owner, index: Number(line) };
}

/** What is left of the owner's lab; nothing where another lab has taken its place already. */
async function leftoversUnder(owner: ChildProcess, index: number): Promise<string[]> {
  const record = await readLabRecord(index);
  return record?.owner != null && record.owner.pid !== owner.pid ? [] : await leftoversOf(index);
}

describe('labs whose owner is gone', () => {
  it('are removed at once, wholly, when the owner is killed', async () => {
    const { owner, index } = await startOwner();
    const there = (await leftoversOf(index)).join('\n');
    for (const kind of ['link ', 'rule ', 'control group ', 'folder ', 'process ']) expect(there).toContain(kind);
    expect(there).not.toContain('mount ');
    owner.kill('SIGKILL');
    await expect.poll(() => leftoversUnder(owner, index), { timeout: 20_000, interval: 100 }).toEqual([]);
  });

  it('are removed when the owner ends without a word', async () => {
    const { owner, index } = await startOwner('end');
    if (owner.exitCode === null) await once(owner, 'exit');
    await expect.poll(() => leftoversUnder(owner, index), { timeout: 20_000, interval: 100 }).toEqual([]);
  });

  it('are found by what lies about when even their record is gone, and living labs are left alone', async () => {
    await using lab = await createLab({ hosts: [{}], images: ['busybox'] });
    const lost = labLimit - 1;
    await mkdir(labWorkFolder(lost), { recursive: true });
    const swept = await withLabsLocked(sweepAbandonedLabs);
    expect(swept).toContain(lost);
    expect(swept).not.toContain(lab.record.index);
    expect(await leftoversOf(lost)).toEqual([]);
    expect((await lab.hosts[0]!.exec(['docker', 'ps'])).exitCode).toBe(0);
    expect(await recordedIndexes()).toContain(lab.record.index);
  });
});
