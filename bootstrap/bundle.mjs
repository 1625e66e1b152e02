// Bundles an application with everything it imports, so that it starts in milliseconds and not in the time that stripping
// types of hundreds of files takes. `node bootstrap/bundle.mjs cli|server|agent`, or `bundle('server')` from another script;
// `node bootstrap/bundle.mjs --path agent` prints where the newest lies, making it if need be.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinnedNode, root } from './runtime.mjs';

const { bundleFolders, currentBundle, signatureOf } = createRequire(import.meta.url)('./bundle-state.cjs');

/**
 * How each application is bundled. The CLI is CommonJS: importing `node:http` from an ES module makes Node load its whole
 * fetch implementation for the sake of named exports, 25 ms at every start.
 */
const applications = {
  cli: { format: 'cjs', extension: 'cjs', minify: { compress: false, mangle: false, codegen: true } },
  server: { format: 'esm', extension: 'mjs', minify: false },
  // One file: the server sends it to hosts.
  agent: { format: 'esm', extension: 'mjs', minify: false, single: true },
};

/** The main file of an up-to-date bundle; makes one where there is none. Several processes may do so at once. */
export async function bundle(app) {
  const found = currentBundle(app);
  if (found !== undefined) return found.main;
  // The pinned Node does it, whichever runs this script: the bundle evaluates TypeScript modules.
  const made = spawnSync(pinnedNode(), ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), app], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const current = currentBundle(app);
  if (current === undefined)
    throw new Error(`apps/${app} could not be bundled: ${(made.stderr || made.error?.message || '').trim()}`);
  return current.main;
}

async function make(app) {
  const kind = applications[app];
  if (kind === undefined) throw new Error(`usage: node bootstrap/bundle.mjs ${Object.keys(applications).join('|')}`);
  const { rolldown } = await import('rolldown');
  const folder = writableFolder(app);
  const started = Date.now();
  const version = `${started.toString(36)}-${process.pid}`;
  const modules = new Set(app === 'cli' ? contractModules() : []);
  const made = await rolldown({
    input: { main: join(root, 'apps', app, 'src', 'main.ts') },
    cwd: root,
    platform: 'node',
    logLevel: 'warn',
    checks: { pluginTimings: false },
    plugins: [collectModules(modules), ...(app === 'cli' ? [routesWithoutSchemas()] : [])],
    // These load a file of their own at run time, so they stay what they are in node_modules.
    external: app === 'server' ? [/^pino($|\/)/] : [],
  });
  await made.write({
    dir: join(folder, version),
    format: kind.format,
    ...(kind.single ? { codeSplitting: false } : {}),
    entryFileNames: `[name].${kind.extension}`,
    chunkFileNames: `[name]-[hash].${kind.extension}`,
    sourcemap: app === 'server',
    // Names stay, so that a stack trace in a bug report means something.
    minify: kind.minify,
  });
  await made.close();
  const sources = {};
  // What changed while it was read is made anew next time.
  for (const file of ['package-lock.json', 'bootstrap/bundle.mjs', ...[...modules].map((id) => relative(root, id))])
    sources[file] = statSync(join(root, file)).mtimeMs < started ? signatureOf(file) : '';
  const previous = currentMain(folder);
  const stamp = join(folder, `current-${version}.json`);
  writeFileSync(stamp, JSON.stringify({ main: `${version}/main.${kind.extension}`, sources }));
  renameSync(stamp, join(folder, 'current.json'));
  sweep(folder, [version, previous]);
}

const contractFolder = join(root, 'packages', 'contract', 'src');
const contractModules = () => readdirSync(contractFolder).map((name) => join(contractFolder, name));

/** Collects every module of this repository that the bundle was made from. */
function collectModules(modules) {
  return {
    name: 'collect-modules',
    buildEnd() {
      for (const id of this.getModuleIds())
        if (id.startsWith(`${root}/`) && !id.includes('/node_modules/')) modules.add(id);
    },
  };
}

/** The CLI needs of the contract only method and path of each route; without the schemas, zod stays out of the bundle. */
function routesWithoutSchemas() {
  return {
    name: 'routes-without-schemas',
    load: {
      filter: { id: /apps\/cli\/src\/client\/routes\.ts$/ },
      async handler(id) {
        const { routes } = await import(id);
        return { code: `export const routes = ${JSON.stringify(routes)};`, moduleType: 'js' };
      },
    },
  };
}

function writableFolder(app) {
  const folders = bundleFolders(app);
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `.probe-${process.pid}`), '');
      rmSync(join(folder, `.probe-${process.pid}`));
      return folder;
    } catch {
      // The next one is tried: a repository that another user owns is not writable.
    }
  }
  throw new Error(`neither ${folders.join(' nor ')} can be written`);
}

function currentMain(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'current.json'), 'utf8')).main.split('/')[0];
  } catch {
    return undefined;
  }
}

/** Removes old bundles, but for the one before this: a running command may still load a part of it. */
function sweep(folder, kept) {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of readdirSync(folder)) {
    if (kept.includes(name) || name === 'current.json') continue;
    const path = join(folder, name);
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < anHourAgo)
      rmSync(path, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (process.argv[2] === '--path') process.stdout.write(`${await bundle(process.argv[3])}\n`);
    else await make(process.argv[2]);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
