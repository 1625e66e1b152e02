// `npm test` and its parts: check (types, lint, build), unit (check and unit tests; no Docker), all, long.
// Ends with the line `N passed, N failed[, N skipped]`, and with status 0 only when nothing failed.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, runQuietly } from './engine.mjs';
import { ensureDependencies, pinnedNode, root } from './runtime.mjs';
import { ensureWeb } from './web.mjs';

const modes = ['check', 'unit', 'all', 'long'];
const total = { passed: 0, failed: 0, skipped: 0 };
const problems = [];
const say = (text) => process.stderr.write(`${text}\n`);
let running;
let interrupted;

/** Runs a program of the pinned Node with this process's output; resolves with its exit code. */
function run(args) {
  return new Promise((resolve, reject) => {
    running = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    running.on('error', reject);
    running.on('exit', (code) => (interrupted ? reject(interrupted) : resolve(code ?? 1)));
  });
}

/** A check that passes or fails as a whole. */
async function check(name, work) {
  const from = Date.now();
  let message;
  try {
    const code = await work();
    if (code) message = `status ${code}`;
  } catch (error) {
    if (error === interrupted) throw error;
    message = error.message;
  }
  total[message ? 'failed' : 'passed'] += 1;
  if (message) problems.push(`${name}: ${message}`);
  say(
    `${message ? 'FAILED' : 'ok'} ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)${message ? `: ${message}` : ''}`,
  );
}

/** Runs projects of vitest and adds their counts; a run that leaves no report is a failure. */
async function suite(...projects) {
  const folder = mkdtempSync(join(tmpdir(), 'drover-report-'));
  const report = join(folder, 'report.json');
  try {
    const code = await run([
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      // Unit tests wait more than they compute; vitest's own choice on two cores is one worker.
      ...(projects.includes('unit') ? [`--maxWorkers=${Math.max(4, availableParallelism() - 1)}`] : []),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    if (!existsSync(report)) throw new Error(`vitest ended with status ${code} and left no report`);
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    total.passed += numPassedTests;
    total.failed += numFailedTests;
    total.skipped += numPendingTests + numTodoTests;
    for (const file of testResults) {
      for (const test of file.assertionResults) {
        if (test.status === 'failed') problems.push(`${file.name.slice(root.length + 1)}: ${test.fullName}`);
        if (test.status === 'pending' || test.status === 'skipped')
          say(`skipped ${file.name.slice(root.length + 1)}: ${test.fullName}`);
      }
      if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
        total.failed += 1;
        problems.push(
          `${file.name.slice(root.length + 1)}: ${(file.message || 'failed outside of its tests').split('\n')[0]}`,
        );
      }
    }
    if (code !== 0 && numFailedTests === 0 && !problems.length) throw new Error(`vitest ended with status ${code}`);
  } catch (error) {
    if (error === interrupted) throw error;
    total.failed += 1;
    problems.push(`${projects.join(', ')}: ${error.message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ensureBrowser() {
  if (existsSync('/usr/bin/chromium')) return;
  if (process.getuid() !== 0 || findProgram('apt-get') === undefined)
    throw new Error('the browser tests need Chromium at /usr/bin/chromium: install the package chromium');
  say('Installing chromium…');
  runQuietly('apt-get', ['update']);
  runQuietly('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']);
}

async function main(mode) {
  if (!modes.includes(mode)) throw new Error(`usage: node bootstrap/test.mjs ${modes.join('|')}`);
  ensureDependencies();
  if (mode !== 'long') {
    await check('types', () => run([join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', root]));
    await check('types of the web UI', () =>
      run([join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', join(root, 'apps/web')]),
    );
    await check('format and lint', () =>
      run([join(root, 'node_modules/@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', root]),
    );
    if (mode !== 'check') await suite('unit');
  }
  if (mode === 'all') {
    await check('build', async () => {
      ensureWeb(say);
      const { bundle } = await import('./bundle.mjs');
      await bundle('cli');
      await bundle('server');
    });
    await check('browser', ensureBrowser);
    await check('lab', () => run(['lab/src/main.ts', 'prepare']));
    await suite('real', 'real-alone');
  }
  if (mode === 'long') {
    await check('lab', () => run(['lab/src/main.ts', 'prepare']));
    await suite('long');
  }
}

// What runs gets the signal, so that tests can clean up, and nothing more is begun; a lab whose owner died is swept by the next.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = new Error(`interrupted by ${signal}`);
    running?.kill(signal);
  });
}
try {
  await main(process.argv[2] ?? 'all');
} catch (error) {
  total.failed += 1;
  problems.push(error.message);
}
if (problems.length) say(`\nFailed:\n${problems.map((each) => `  ${each}`).join('\n')}`);
process.stdout.write(
  `${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}\n`,
);
process.exitCode = total.failed === 0 ? 0 : 1;
