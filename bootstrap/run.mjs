// Runs one TypeScript file of the repository under the pinned Node: node bootstrap/run.mjs FILE ARGS…
import { resolve } from 'node:path';
import { ensureDependencies, root, runPinned } from './runtime.mjs';

const [file, ...args] = process.argv.slice(2);
if (!file) {
  process.stderr.write('usage: node bootstrap/run.mjs FILE ARGS…\n');
  process.exit(2);
}
try {
  ensureDependencies();
  process.exitCode = await runPinned(['--disable-warning=ExperimentalWarning', resolve(root, file), ...args]);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
