import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../src/command.ts';
import { listLabRecords } from '../src/lab-record.ts';
import { leftoversOf } from './leftovers.ts';

const mainScript = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const name = `t${randomBytes(4).toString('hex')}`;
const lab = (verb: string, ...args: string[]) => runCommand(process.execPath, [mainScript, verb, ...args]);

describe('npm run lab', () => {
  let index: number | undefined;

  afterAll(async () => {
    await lab('down', '--name', name);
  });

  it('makes a lab that stays, uses it by name and takes it down', async () => {
    const up = await lab('up', '--hosts', '2', '--engine', '28,20.10', '--images', 'busybox', '--name', name);
    expect(up, up.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/n1 {2}up .*\n {2}n2 {2}up /) });
    index = (await listLabRecords()).find((record) => record.name === name)!.index;
    expect(await lab('up', '--hosts', '1', '--name', name)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('there is one of that name already'),
    });
    expect(await lab('sweep')).toMatchObject({ exitCode: 0 });
    const run = await lab(
      'exec',
      '--name',
      name,
      'n2',
      'docker',
      'run',
      '--rm',
      'busybox',
      'sh',
      '-c',
      'echo "$0"; exit 3',
      '$(id)',
    );
    expect(run).toMatchObject({ exitCode: 3, stdout: '$(id)\n' });
    for (const verb of ['kill', 'start', 'cut', 'heal']) {
      expect(await lab(verb, 'n1', '--name', name), verb).toMatchObject({ exitCode: 0 });
      const state = (await lab('status')).stdout.split(`${name}: `)[1]!;
      expect(state, verb).toMatch(verb === 'kill' ? /n1 {2}down/ : /n1 {2}up/);
    }
    expect(await lab('kill', 'n9', '--name', name)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('there are n1, n2'),
    });
    expect(await lab('down', '--name', name)).toMatchObject({ exitCode: 0 });
    expect(await leftoversOf(index)).toEqual([]);
    expect(await lab('down', '--name', name)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('there is none of that name'),
    });
  });

  it('answers a command line that makes no sense with one sentence and 2', async () => {
    const refused = await lab('up', '--hosts', 'many');
    expect(refused).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: '--hosts takes a number between 1 and 100, not "many"\n',
    });
  });
});
