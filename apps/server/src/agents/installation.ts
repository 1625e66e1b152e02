import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that Drover is installed in, seen from the pinned Node that runs this process; undefined under any other Node. */
export function installationFolder(program: string = process.execPath): string | undefined {
  const modules = dirname(dirname(dirname(program)));
  const folder = dirname(modules);
  return existsSync(join(folder, 'bootstrap', 'bundle.mjs')) && existsSync(join(folder, 'apps', 'agent'))
    ? folder
    : undefined;
}
