import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { mustRun } from './command.ts';
import { oracleCliVersion, oracleComposeVersion } from './engines.ts';
import { unpackPackages } from './package-archive.ts';
import { expectVersion } from './version-check.ts';

/** Programs from Debian's packages that run on this machine as they are, without being installed. */
export interface OraclePrograms {
  /** The Docker CLI. */
  readonly dockerPath: string;
  /** The docker compose plug-in, which is also a program of its own. */
  readonly composePath: string;
  /** The registry that mirrors the public one. */
  readonly registryPath: string;
  /** A folder for `DOCKER_CONFIG`, with which `docker compose` finds the plug-in. */
  readonly configFolder: string;
}

const suite = 'sid';
const packages = ['docker-cli', 'docker-compose', 'docker-buildx', 'docker-registry'] as const;

/** Takes the programs that Drover is compared with from the newest suite and checks their versions. */
export async function prepareOracle(signal?: AbortSignal): Promise<OraclePrograms> {
  const recipe = { format: 1, suite, packages, oracleCliVersion, oracleComposeVersion };
  const folder = await cached('programs', 'oracle', recipe, (unfinished) => build(unfinished, signal), signal);
  return programsIn(folder);
}

function programsIn(folder: string): OraclePrograms {
  return {
    dockerPath: join(folder, 'bin/docker'),
    composePath: join(folder, 'config/cli-plugins/docker-compose'),
    registryPath: join(folder, 'bin/docker-registry'),
    configFolder: join(folder, 'config'),
  };
}

async function build(folder: string, signal?: AbortSignal): Promise<void> {
  const unpacked = join(folder, 'unpacked');
  await mkdir(unpacked, { recursive: true });
  await unpackPackages(suite, packages, unpacked, signal);
  const programs = programsIn(folder);
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'config/cli-plugins'), { recursive: true });
  await rename(join(unpacked, 'usr/bin/docker'), programs.dockerPath);
  await rename(join(unpacked, 'usr/bin/docker-registry'), programs.registryPath);
  const plugins = join(unpacked, 'usr/libexec/docker/cli-plugins');
  await rename(join(plugins, 'docker-compose'), programs.composePath);
  await rename(join(plugins, 'docker-buildx'), join(folder, 'config/cli-plugins/docker-buildx'));
  await rm(unpacked, { recursive: true });
  const ask = (program: string, argument: string) => mustRun('asking for a version', program, [argument]);
  expectVersion('the Docker CLI', oracleCliVersion, await ask(programs.dockerPath, '--version'));
  expectVersion('docker compose', oracleComposeVersion, await ask(programs.composePath, 'version'));
}
