// Deploys examples/hello through the CLI, as a user would. Where no registry answers, its base image comes from the
// distribution's busybox-static.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineEndpoint, findProgram, runQuietly } from './engine.mjs';
import { root } from './runtime.mjs';

const publicBase = 'busybox:1.37';
const localBase = 'drover/busybox:local';

/** Brings the example up as the stack `hello`. */
export async function deployExample(say, { url, dataDir }) {
  say('Deploying the example application…');
  const base = await ensureBase(say);
  const done = spawnSync(join(root, 'bin', 'drover'), ['up', '-f', join(root, 'examples', 'hello', 'compose.yaml')], {
    encoding: 'utf8',
    env: { ...process.env, DROVER_URL: url, DROVER_DATA: dataDir, BASE_IMAGE: base, NO_COLOR: '1' },
  });
  if (done.status !== 0) throw new Error(`${done.stdout}${done.stderr}`.trim());
}

/** The image to build the example on: pulled where that works, else made from the distribution's busybox. */
async function ensureBase(say) {
  for (const image of [publicBase, localBase])
    if ((await ask('GET', `/images/${encodeURIComponent(image)}/json`)).status === 200) return image;
  const pulled = await ask('POST', `/images/create?fromImage=busybox&tag=1.37`, undefined, 30_000);
  if (pulled.status === 200 && !/"error"/.test(pulled.body)) return publicBase;
  say('No registry answers; making the example’s base image from busybox-static…');
  const folder = mkdtempSync(join(tmpdir(), 'drover-example-'));
  try {
    mkdirSync(join(folder, 'root', 'bin'), { recursive: true });
    copyFileSync(staticBusybox(folder), join(folder, 'root', 'bin', 'busybox'));
    for (const applet of [
      'sh',
      'httpd',
      'date',
      'sleep',
      'mkdir',
      'cat',
      'cp',
      'mv',
      'wget',
      'echo',
      'ls',
      'ps',
      'test',
      'top',
      'hostname',
      'nproc',
    ])
      symlinkSync('busybox', join(folder, 'root', 'bin', applet));
    const archive = spawnSync('tar', ['-C', join(folder, 'root'), '-c', '.'], { maxBuffer: 64 << 20 });
    if (archive.status !== 0) throw new Error(`tar failed: ${archive.stderr}`);
    const made = await ask(
      'POST',
      `/images/create?fromSrc=-&repo=drover/busybox&tag=local&changes=${encodeURIComponent('ENV PATH=/bin')}&changes=${encodeURIComponent('CMD ["sh"]')}`,
      archive.stdout,
      60_000,
    );
    if (made.status !== 200 || /"error"/.test(made.body))
      throw new Error(`the engine did not take the image: ${made.body.trim()}`);
    return localBase;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function staticBusybox(folder) {
  const installed = ['/bin/busybox', '/usr/bin/busybox'].find(
    (path) => spawnSync(path, ['true']).status === 0 && !isDynamic(path),
  );
  if (installed !== undefined) return installed;
  if (findProgram('apt-get') === undefined || findProgram('dpkg-deb') === undefined)
    throw new Error('no registry answers and there is no apt-get to get busybox-static with.');
  let got = spawnSync('apt-get', ['download', 'busybox-static'], { cwd: folder, encoding: 'utf8' });
  if (got.status !== 0) {
    runQuietly('apt-get', ['update']);
    got = spawnSync('apt-get', ['download', 'busybox-static'], { cwd: folder, encoding: 'utf8' });
  }
  const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (got.status !== 0 || archive === undefined)
    throw new Error(`apt-get download busybox-static failed: ${got.stderr.trim()}`);
  runQuietly('dpkg-deb', ['-x', join(folder, archive), join(folder, 'unpacked')]);
  for (const path of ['bin/busybox', 'usr/bin/busybox']) {
    const file = join(folder, 'unpacked', path);
    if (spawnSync(file, ['true']).status === 0) return file;
  }
  throw new Error('the package busybox-static holds no busybox that runs here.');
}

// A dynamic busybox would start here and fail inside an empty image.
function isDynamic(path) {
  const listed = spawnSync('ldd', [path], { encoding: 'utf8' });
  return listed.status === 0 && /=>/.test(listed.stdout);
}

function ask(method, path, body, timeout = 10_000) {
  const url = new URL(engineEndpoint());
  const target =
    url.protocol === 'unix:' ? { socketPath: url.pathname } : { host: url.hostname, port: url.port || 2375 };
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...target,
        method,
        path,
        timeout,
        headers: body ? { 'content-type': 'application/x-tar', 'content-length': body.length } : {},
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode, body: text }));
      },
    );
    call.on('timeout', () =>
      call.destroy(new Error(`the engine did not answer ${method} ${path.split('?')[0]} within ${timeout / 1000} s`)),
    );
    call.on('error', reject);
    call.end(body);
  });
}
