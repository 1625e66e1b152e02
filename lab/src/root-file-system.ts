import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { carriedAptOptions, debianMirror } from './apt-sources.ts';
import { cached } from './cache.ts';
import { mustRun } from './command.ts';
import { type EngineEdition, oracleComposeVersion } from './engines.ts';
import { layInit } from './host/init-setup.ts';
import { type InitName, initEditions } from './inits.ts';
import { prepareOracle } from './oracle.ts';
import { expectVersion } from './version-check.ts';

const composePlugin = 'usr/libexec/docker/cli-plugins/docker-compose';

/** The folder of a host's root file system, kept in the cache; the first call for an edition takes about half a minute. */
export async function prepareRootFileSystem(
  edition: EngineEdition,
  init: InitName = 'tini',
  signal?: AbortSignal,
): Promise<string> {
  const name = init === 'tini' ? edition.engine : `${edition.engine}-${init}`;
  const recipe = { format: 1, edition, oracleComposeVersion, ...(init === 'tini' ? {} : { init: initEditions[init] }) };
  return await cached('roots', name, recipe, (folder) => build(edition, init, folder, signal), signal);
}

async function build(edition: EngineEdition, init: InitName, folder: string, signal?: AbortSignal): Promise<void> {
  const what = `building the root file system of engine ${edition.engine}`;
  const options = [...(await carriedAptOptions()), 'Apt::Install-Recommends=false'];
  const leftOut = ['doc', 'man', 'locale', 'info', 'lintian', 'bash-completion'];
  await mustRun(
    what,
    'mmdebstrap',
    [
      '--mode=root',
      '--variant=minbase',
      ...options.map((option) => `--aptopt=${option.replace('=', ' "')}"`),
      '--dpkgopt=force-unsafe-io',
      ...leftOut.map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
      `--include=${[...edition.packages, ...initEditions[init].packages].join(',')}`,
      edition.suite,
      folder,
      await debianMirror(),
    ],
    { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, ...(signal ? { signal } : {}) },
  );
  if (edition.engine === '20.10') await layOraclePlugin(folder, signal);
  await layInit(init, folder);
  // A lab's hosts name each other in their own file, and nothing outside can be looked up.
  await rm(join(folder, 'etc/resolv.conf'), { force: true });
  await checkVersions(edition, folder);
}

async function layOraclePlugin(folder: string, signal?: AbortSignal): Promise<void> {
  const oracle = await prepareOracle(signal);
  await mkdir(join(folder, 'usr/libexec/docker/cli-plugins'), { recursive: true });
  await cp(oracle.composePath, join(folder, composePlugin));
}

/** Fails with both numbers where the distribution no longer has the version that the table of editions names. */
async function checkVersions(edition: EngineEdition, folder: string): Promise<void> {
  if (edition.engineVersion !== undefined) {
    const said = await mustRun('asking the engine for its version', 'chroot', [folder, 'dockerd', '--version']);
    expectVersion(`Docker Engine of ${edition.suite}`, edition.engineVersion, said);
  }
  if (edition.composeVersion !== undefined) {
    const said = await mustRun('asking docker compose for its version', 'chroot', [
      folder,
      `/${composePlugin}`,
      'version',
    ]);
    expectVersion(`docker compose of ${edition.suite}`, edition.composeVersion, said);
  }
}
