import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { carriedAptOptions, debianMirror } from './apt-sources.ts';
import { mustRun } from './command.ts';
import { withFileLock } from './file-lock.ts';
import { cacheFolder } from './folders.ts';

const indexLifetimeMs = 6 * 60 * 60 * 1000;

/** Takes Debian packages of a suite apart into a folder, without installing them or what they depend on; leaves apt of this machine alone. */
export async function unpackPackages(
  suite: string,
  packages: readonly string[],
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const archive = join(cacheFolder(), 'apt', suite);
  const downloads = `${folder}.debs`;
  await mkdir(downloads, { recursive: true });
  try {
    await withFileLock(
      join(cacheFolder(), 'locks', `apt-${suite}`),
      async () => {
        const options = await aptOptions(suite, archive);
        if (!(await isFresh(archive))) {
          await mustRun(`reading the package list of ${suite}`, 'apt-get', [...options, 'update'], {
            ...(signal ? { signal } : {}),
          });
          await writeFile(join(archive, 'fresh'), '');
        }
        await mustRun(`downloading packages of ${suite}`, 'apt-get', [...options, 'download', ...packages], {
          cwd: downloads,
          ...(signal ? { signal } : {}),
        });
      },
      signal,
    );
    for (const file of await readdir(downloads)) {
      // Packages from before the merge of / and /usr would replace the links by folders.
      const script = 'dpkg-deb --fsys-tarfile "$1" | tar --extract --keep-directory-symlink --directory "$2"';
      await mustRun(`unpacking ${file}`, 'sh', ['-c', script, 'sh', join(downloads, file), folder]);
    }
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

async function aptOptions(suite: string, archive: string): Promise<string[]> {
  await mkdir(join(archive, 'lists', 'partial'), { recursive: true });
  await mkdir(join(archive, 'cache', 'archives', 'partial'), { recursive: true });
  await writeFile(join(archive, 'status'), '');
  await writeFile(
    join(archive, 'sources.list'),
    `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${await debianMirror()} ${suite} main\n`,
  );
  const own = [
    `Dir::Etc::SourceList=${join(archive, 'sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State=${archive}`,
    `Dir::State::Lists=${join(archive, 'lists')}`,
    `Dir::State::status=${join(archive, 'status')}`,
    `Dir::Cache=${join(archive, 'cache')}`,
    'APT::Sandbox::User=root',
    'APT::Update::Post-Invoke-Success=',
  ];
  return [...own, ...(await carriedAptOptions())].flatMap((option) => ['-o', option]);
}

async function isFresh(archive: string): Promise<boolean> {
  const mark = await stat(join(archive, 'fresh')).catch(() => undefined);
  return mark !== undefined && Date.now() - mark.mtimeMs < indexLifetimeMs;
}
