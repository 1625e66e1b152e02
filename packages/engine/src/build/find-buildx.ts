import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where Docker's own packages and installers put plug-ins. */
const pluginFolders = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
];

/** The program to run for `docker buildx`, which also works without the Docker CLI; null where it is not installed. */
export function findBuildx(environment: { readonly [name: string]: string | undefined }): string | null {
  const own = join(environment.DOCKER_CONFIG || join(homedir(), '.docker'), 'cli-plugins');
  const onPath = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [own, ...pluginFolders, ...onPath].map((folder) => join(folder, 'docker-buildx'));
  return candidates.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
