// Which bundle of an application is up to date. CommonJS and without dependencies: bin/drover pays for it at every start.
const { lstatSync, readFileSync } = require('node:fs');
const { homedir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..');

/** Where bundles of an application may lie: in the repository, else (not writable) in the user's cache. */
exports.bundleFolders = function bundleFolders(app) {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return [join(root, 'dist', app), join(cache, 'drover', `${app}${root.replaceAll('/', '-')}`)];
};

/** What must be unchanged for a bundle to be up to date: a file's size and time of change. */
exports.signatureOf = function signatureOf(file) {
  const found = lstatSync(join(root, file), { throwIfNoEntry: false });
  return found === undefined ? '-' : `${found.size}:${found.mtimeMs}`;
};

/** The newest bundle of an application if no source of it changed since, as `{ folder, main }`; costs a stat a source. */
exports.currentBundle = function currentBundle(app) {
  for (const folder of exports.bundleFolders(app)) {
    let current;
    try {
      current = JSON.parse(readFileSync(join(folder, 'current.json'), 'utf8'));
    } catch {
      continue;
    }
    if (Object.entries(current.sources).every(([file, signature]) => exports.signatureOf(file) === signature))
      return { folder, main: join(folder, current.main) };
  }
  return undefined;
};
