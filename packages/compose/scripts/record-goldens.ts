// Records what the real docker compose says to test/goldens (or another folder of cases):
//   node packages/compose/scripts/record-goldens.ts PROGRAM [CASES]
// A case without expected.json is one that docker compose refuses. PROGRAM is the docker-compose plug-in run by itself. Needs write access to /srv, as the paths are part of the hashes.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [program, folder = fileURLToPath(new URL('../test/goldens', import.meta.url))] = process.argv.slice(2);
if (program === undefined) throw new Error('usage: node record-goldens.ts PROGRAM [CASES]');

const root = '/srv/drover-golden';
const project = join(root, 'project');

interface Case {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

for (const name of readdirSync(folder)) {
  const files = join(folder, name);
  if (!existsSync(join(files, 'case.json'))) continue;
  const { args, env } = JSON.parse(readFileSync(join(files, 'case.json'), 'utf8')) as Case;
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'home'), { recursive: true });
  cpSync(join(files, 'input'), project, { recursive: true });
  const run = (...more: string[]): { readonly ok: boolean; readonly out: string } => {
    const { status, stdout } = spawnSync(program, [...args, 'config', ...more], {
      cwd: project,
      env: { PATH: '/usr/bin:/bin', HOME: join(root, 'home'), ...env },
      encoding: 'utf8',
    });
    return { ok: status === 0, out: stdout };
  };
  for (const old of ['expected.json', 'expected.yaml', 'hashes.txt']) rmSync(join(files, old), { force: true });
  const json = run('--format', 'json');
  if (json.ok) {
    writeFileSync(join(files, 'expected.json'), json.out);
    writeFileSync(join(files, 'expected.yaml'), run().out);
    writeFileSync(join(files, 'hashes.txt'), run('--hash', '*').out);
  }
  console.log(`${json.ok ? 'project' : 'error  '} ${name}`);
}
rmSync(root, { recursive: true, force: true });
