// Builds the web UI when its sources changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './engine.mjs';
import { pinnedNode, root } from './runtime.mjs';

const sources = ['apps/web', 'packages/base/src', 'packages/compose/src', 'packages/contract/src', 'package-lock.json'];

/** The folder that the server serves. */
export const webFolder = join(root, 'apps', 'web', 'dist');

/** Builds it if it is not up to date; `say` is told before work that takes seconds. */
export function ensureWeb(say) {
  const stamp = join(webFolder, '.sources');
  const wanted = fingerprint();
  if (existsSync(join(webFolder, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Building the web UI…');
  runQuietly(pinnedNode(), [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'apps', 'web'),
  });
  writeFileSync(stamp, wanted);
}

function fingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const found = statSync(join(root, path));
    if (!found.isDirectory()) hash.update(`${path}\0${found.size}\0${found.mtimeMs}\n`);
    else
      for (const name of readdirSync(join(root, path)).sort())
        if (name !== 'dist' && name !== 'node_modules' && name !== 'test') add(join(path, name));
  };
  for (const source of sources) add(source);
  return hash.digest('hex');
}
