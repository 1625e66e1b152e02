import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { carriedAptOptions, debianMirror } from '../apt-sources.ts';
import { cached } from '../cache.ts';
import { mustRun } from '../command.ts';
import { LabError } from '../errors.ts';
import { prepareOracle } from '../oracle.ts';
import { unpackPackages } from '../package-archive.ts';
import { registryConfig } from '../registry.ts';
import { type ImageName, recipeOf } from './catalog.ts';
import { type Layer, layFiles, layMergedUsr, leaveOut, packLayer } from './layer.ts';
import { imageDocument, manifestDocument } from './manifest.ts';
import { pushImage } from './push.ts';
import { accountFiles, type ImageRecipe, imagePath, imageSuite } from './recipe.ts';

const format = 2;
/** The base is newer than the rest: busybox of older suites crashes in `wget -T`. */
const base = { suite: 'trixie', packages: ['busybox', 'libc6', 'libc-bin'] } as const;
// Of libc-bin only the locale C.UTF-8 is wanted.
const cLibraryPrograms = ['usr/bin/{getconf,getent,iconv,ldd,locale,localedef,pldd,tzselect,zdump}', 'usr/sbin/*'];

/** The registry storages of images, kept in the cache; an image that is not there yet is built first, two at a time. */
export async function prepareImages(names: readonly ImageName[], signal?: AbortSignal): Promise<string[]> {
  const storages: string[] = [];
  const waiting = [...new Set(names)];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      storages.push(await prepareImage(recipeOf(name), signal));
    }
  };
  await Promise.all([work(), work()]);
  return storages;
}

async function prepareImage(recipe: ImageRecipe, signal?: AbortSignal): Promise<string> {
  const madeFrom = { format, suite: imageSuite, base, recipe };
  const folder = await cached(
    'images',
    recipe.repository,
    madeFrom,
    (unfinished) => build(recipe, unfinished, signal),
    signal,
  );
  return join(folder, 'storage');
}

async function build(recipe: ImageRecipe, folder: string, signal?: AbortSignal): Promise<void> {
  const scratch = join(folder, 'scratch');
  const layers: Layer[] = [];
  const complete = join(scratch, 'complete');
  await mkdir(complete, { recursive: true });
  if (recipe.base === 'busybox') {
    const { layer, tree } = await prepareBaseLayer(signal);
    layers.push(layer);
    await copyOver(tree, complete);
  }
  const content = join(scratch, 'content');
  await layContent(recipe, content, signal);
  await copyOver(content, complete);
  await mustRun(`checking the image ${recipe.repository}`, 'chroot', [complete, ...recipe.check], {
    env: { PATH: imagePath },
  });
  const addsNothing = recipe.content !== 'minbase' && recipe.content.packages.length === 0 && !recipe.files;
  if (!addsNothing) layers.push(await packLayer(content, join(scratch, 'content.tar.gz')));
  await withFillingRegistry(join(folder, 'storage'), async (socketPath) => {
    for (const [place, edition] of recipe.editions.entries()) {
      const own = [...layers];
      if (edition.files && edition.files.length > 0) {
        const top = join(scratch, `edition-${place}`);
        await mkdir(top);
        await layFiles(top, edition.files);
        own.push(await packLayer(top, `${top}.tar.gz`));
      }
      const image = imageDocument(edition.config, own, `Drover lab, ${recipe.repository} from ${imageSuite}`);
      await pushImage(
        { socketPath },
        `library/${recipe.repository}`,
        edition.tags,
        own,
        image,
        manifestDocument(image, own),
      );
    }
  });
  await rm(scratch, { recursive: true });
}

async function layContent(recipe: ImageRecipe, folder: string, signal?: AbortSignal): Promise<void> {
  if (recipe.content === 'minbase') {
    const options = (await carriedAptOptions()).map((option) => `--aptopt=${option.replace('=', ' "')}"`);
    const outcome = ['--mode=root', '--variant=minbase', '--dpkgopt=force-unsafe-io', ...options];
    await mustRun(
      `building the image ${recipe.repository}`,
      'mmdebstrap',
      [...outcome, imageSuite, folder, await debianMirror()],
      {
        ...(signal ? { signal } : {}),
      },
    );
  } else {
    await mkdir(folder);
    await layMergedUsr(folder);
    if (recipe.content.packages.length > 0) await unpackPackages(imageSuite, recipe.content.packages, folder, signal);
  }
  await leaveOut(folder, recipe.leaveOut);
  for (const [packageName, paths] of Object.entries(recipe.programs ?? {})) {
    const whole = `${folder}.whole`;
    await mkdir(whole);
    await unpackPackages(imageSuite, [packageName], whole, signal);
    for (const path of paths) await copyFile(join(whole, path), join(folder, path));
    await rm(whole, { recursive: true });
  }
  await layFiles(folder, recipe.files ?? []);
}

/** The layer below most images: busybox under all its names and the C library, so that names can be looked up. */
async function prepareBaseLayer(signal?: AbortSignal): Promise<{ layer: Layer; tree: string }> {
  const recipe = { format, base };
  const folder = await cached('layers', 'base', recipe, (unfinished) => buildBaseLayer(unfinished, signal), signal);
  const layer = JSON.parse(await readFile(join(folder, 'layer.json'), 'utf8')) as Layer;
  return { layer: { ...layer, path: join(folder, 'layer.tar.gz') }, tree: join(folder, 'tree') };
}

async function buildBaseLayer(folder: string, signal?: AbortSignal): Promise<void> {
  const tree = join(folder, 'tree');
  await mkdir(tree);
  await layMergedUsr(tree);
  await unpackPackages(base.suite, base.packages, tree, signal);
  await leaveOut(tree, cLibraryPrograms);
  const names = (await mustRun('listing the names of busybox', 'chroot', [tree, '/bin/busybox', '--list']))
    .trim()
    .split('\n');
  await layFiles(tree, [
    ...names.filter((name) => name !== 'busybox').map((name) => ({ path: `/usr/bin/${name}`, target: 'busybox' })),
    ...accountFiles(),
    { path: '/etc/nsswitch.conf', content: 'hosts: files dns\npasswd: files\ngroup: files\n' },
    { path: '/tmp', folder: true, mode: 0o1777 },
    { path: '/root', folder: true, mode: 0o700 },
    ...['/dev', '/proc', '/sys', '/run', '/var/log', '/var/tmp', '/home'].map((path) => ({
      path,
      folder: true as const,
    })),
    { path: '/usr/bin/env', target: 'busybox' },
  ]);
  const layer = await packLayer(tree, join(folder, 'layer.tar.gz'));
  await writeFile(join(folder, 'layer.json'), JSON.stringify(layer));
}

/** Copies a tree over another the way layers come to lie on each other. */
async function copyOver(from: string, to: string): Promise<void> {
  const script = 'tar --create --directory "$1" . | tar --extract --keep-directory-symlink --directory "$2"';
  await mustRun('laying layers on each other', 'sh', ['-c', script, 'sh', from, to]);
}

/** Runs a registry over an empty storage for as long as `fill` takes; it listens on a socket only. */
async function withFillingRegistry(storage: string, fill: (socketPath: string) => Promise<void>): Promise<void> {
  const { registryPath } = await prepareOracle();
  const folder = await mkdtemp(join(tmpdir(), 'drover-lab-registry-'));
  const socketPath = join(folder, 'socket');
  const config = registryConfig({ storageFolder: `${storage}.filling`, http: { net: 'unix', addr: socketPath } });
  await mkdir(`${storage}.filling`);
  await writeFile(join(folder, 'config.yml'), config);
  const log = openSync(join(folder, 'log'), 'w');
  const registry = spawn(registryPath, ['serve', join(folder, 'config.yml')], { stdio: ['ignore', log, log], env: {} });
  closeSync(log);
  registry.on('error', () => {});
  try {
    await waitForFile(socketPath);
    await fill(socketPath);
  } finally {
    const ended = new Promise((resolve) => registry.once('exit', resolve));
    registry.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
  await rename(`${storage}.filling`, storage);
}

async function waitForFile(path: string): Promise<void> {
  for (let attempt = 0; attempt < 3000; attempt += 1) {
    if (
      await readFile(path).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
      )
    )
      return;
    await sleep(20);
  }
  throw new LabError('building images: the registry that takes them does not start');
}
