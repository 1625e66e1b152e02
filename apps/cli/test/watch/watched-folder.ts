import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleReader, load, type Project } from '@drover/compose';

/** A folder of its own with these files. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'drover-watch-')));
  for (const [path, text] of Object.entries(files)) await writeInto(folder, path, text);
  return folder;
}

export async function writeInto(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** The project of a Compose file, as if it lay in the folder. */
export async function projectIn(folder: string, text: string): Promise<Project> {
  const uri = join(folder, 'compose.yaml');
  const reader = bundleReader(new Map([[uri, text]]));
  const loaded = await load({ files: [{ uri }], workingDir: folder, environment: {}, projectName: 'shop', reader });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  return loaded.project;
}
