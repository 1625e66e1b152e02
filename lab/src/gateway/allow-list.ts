import { type AptSource, debianMirror, readAptSources } from '../apt-sources.ts';
import { runCommand } from '../command.ts';
import { LabError } from '../errors.ts';

/** Host names with ports, as `example.org:443`; everything else is refused. */
export type AllowList = ReadonlySet<string>;

/** The addresses that package clients of this machine use: those of its apt sources and of its npm registry. */
export async function packageRegistries(): Promise<AllowList> {
  return allowListOf(await readAptSources(), [await debianMirror(), await npmRegistry()]);
}

/** Turns sources and further URLs into what a proxy lets through; a URL stands for its own port only. */
export function allowListOf(sources: readonly AptSource[], urls: readonly string[]): AllowList {
  const allowed = new Set<string>();
  for (const text of [...sources.map((source) => source.uri), ...urls]) {
    const url = URL.parse(text);
    if (url?.protocol === 'http:') allowed.add(`${url.hostname}:${url.port || '80'}`);
    if (url?.protocol === 'https:') allowed.add(`${url.hostname}:${url.port || '443'}`);
  }
  return allowed;
}

/** The registry that npm of this machine is set up with. */
export async function npmRegistry(): Promise<string> {
  const said = await runCommand('npm', ['config', 'get', 'registry'], { cwd: '/' });
  const found = URL.parse(said.stdout.trim());
  if (found === null) throw new LabError('asking npm for its registry: it named none (npm config get registry)');
  return found.href;
}
