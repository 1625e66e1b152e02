import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completionScripts } from '../../src/completion/scripts.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-completion-'));
  // In place of the command: it says what it was asked, and offers two words.
  writeFileSync(
    join(folder, 'drover'),
    `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/asked\nprintf 'none\\nweb\\tthe web\\nworker\\t\\n'\n`,
  );
  chmodSync(join(folder, 'drover'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

test.skipIf(!has('bash'))('bash asks with the words before the cursor and offers the candidates', () => {
  const script = `${completionScripts.bash}\nCOMP_WORDS=(drover logs -f we); COMP_CWORD=3; _drover 2>/dev/null; printf '%s,' "\${COMPREPLY[@]}"; cat ${folder}/asked`;
  const output = execFileSync('bash', ['-c', script], {
    env: { PATH: `${folder}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  expect(output).toBe('web,worker,__complete\nbash\n3\nlogs\n-f\nwe\n');
});

test.each(['zsh', 'fish'] as const)('the script for %s is accepted by it where it is installed', (shell) => {
  if (!has(shell)) return;
  const done = spawnSync(shell, ['-n'], { input: completionScripts[shell], encoding: 'utf8' });
  expect(done.stderr).toBe('');
});
