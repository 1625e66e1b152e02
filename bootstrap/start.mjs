// `npm start`: from a fresh machine to a running Drover. Each step is skipped when there is nothing to do.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureEngine } from './engine.mjs';
import { deployExample } from './example.mjs';
import { ensureDependencies, pinnedNode, root } from './runtime.mjs';
import { ensureWeb, webFolder } from './web.mjs';

const say = (text) => process.stderr.write(`${text}\n`);

function dataFolder() {
  if (process.env.DROVER_DATA) return process.env.DROVER_DATA;
  return process.getuid() === 0 ? '/var/lib/drover' : join(homedir(), '.local', 'share', 'drover');
}

const largestLog = 10 << 20;

/** The server's log: a file in the data folder, so that the terminal shows what its user wants to know. One old one is kept. */
function logFile(dataDir) {
  const file = join(dataDir, 'server.log');
  if (existsSync(file) && statSync(file).size > largestLog) renameSync(file, `${file}.1`);
  return file;
}

/** Starts the server and resolves with its lines once it is ready. */
function startServer(script, dataDir) {
  const child = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DROVER_DATA: dataDir,
      DROVER_WEB_DIR: webFolder,
      DROVER_PRINT_LINK: '1',
      DROVER_LOG_FILE: process.env.DROVER_LOG_FILE || logFile(dataDir),
    },
  });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0))));
  const ready = new Promise((resolve, reject) => {
    const lines = [];
    child.on('error', reject);
    ended.then((code) => reject(new Error(`The server ended with status ${code} before it was ready.`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (lines.length === 2) resolve(lines);
      if (lines.length > 2) process.stdout.write(`${line}\n`);
    });
  });
  return { child, ended, ready };
}

async function main() {
  const dataDir = dataFolder();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  ensureDependencies();
  await ensureEngine(say, dataDir);
  ensureWeb(say);
  const { bundle } = await import('./bundle.mjs');
  const script = await bundle('server');
  await bundle('cli');

  const server = startServer(script, dataDir);
  // Ctrl-C reaches the server as well (one process group); a signal to this process alone is passed on.
  const stop = (signal) => server.child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
  const lines = await server.ready;
  const url = lines[0].slice(lines[0].indexOf('http'));
  const deployed = join(dataDir, 'example-deployed');
  if (!existsSync(deployed) && process.env.DROVER_EXAMPLE !== '0') {
    try {
      await deployExample(say, { url, dataDir });
      writeFileSync(deployed, new Date().toISOString());
    } catch (error) {
      say(`The example application was not deployed: ${error.message}`);
    }
  }
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.exitCode = await server.ended;
}

try {
  await main();
} catch (error) {
  say(error.message);
  process.exit(1);
}
