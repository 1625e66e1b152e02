// What bin/drover starts: the bundled command line, made anew when its sources changed (docs/decisions/0700-cli-start.md).
const { enableCompileCache } = require('node:module');
const { dirname, join } = require('node:path');
const { currentBundle } = require('./bundle-state.cjs');

let bundle = currentBundle('cli');
if (bundle === undefined) {
  const { spawnSync } = require('node:child_process');
  const made = spawnSync(process.execPath, [join(__dirname, 'bundle.mjs'), 'cli'], { stdio: ['ignore', 'ignore', 2] });
  bundle = currentBundle('cli');
  if (bundle === undefined) {
    process.stderr.write(
      `drover: its command line could not be bundled (status ${made.status}); the reason is above\n`,
    );
    process.exit(1);
  }
}
enableCompileCache(join(dirname(bundle.main), 'compiled'));
require(bundle.main);
