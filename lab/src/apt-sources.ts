import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { LabError } from './errors.ts';

export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

/** Reads one-line sources (`deb [options] URI SUITE COMPONENT…`); anything else in them is left out. */
export function parseSourcesList(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (match) sources.push({ uri: match[1]!, suite: match[2]!, components: match[3]!.split(/\s+/).filter(Boolean) });
  }
  return sources;
}

/** Reads deb822 sources: paragraphs of fields, continuation lines, comments; disabled paragraphs are left out. */
export function parseDeb822Sources(text: string): AptSource[] {
  const paragraphs = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .split(/\n\s*\n/);
  return paragraphs.flatMap((paragraph) => {
    const fields = new Map<string, string[]>();
    for (const line of paragraph.replace(/\n[ \t]+/g, ' ').split('\n')) {
      const colon = line.indexOf(':');
      if (colon > 0)
        fields.set(
          line.slice(0, colon).trim().toLowerCase(),
          line
            .slice(colon + 1)
            .split(/\s+/)
            .filter(Boolean),
        );
    }
    if (!fields.get('types')?.includes('deb') || fields.get('enabled')?.[0] === 'no') return [];
    return (fields.get('uris') ?? []).flatMap((uri) =>
      (fields.get('suites') ?? []).map((suite) => ({ uri, suite, components: fields.get('components') ?? [] })),
    );
  });
}

const debianSuites = /^(bullseye|bookworm|trixie|forky|sid|oldoldstable|oldstable|stable|testing|unstable)$/;

/** The mirror of Debian's main archive among the sources, if there is one. */
export function debianMirrorOf(sources: readonly AptSource[]): string | undefined {
  return sources.find((source) => debianSuites.test(source.suite) && source.components.includes('main'))?.uri;
}

/** Every source that apt is set up with on this machine. */
export async function readAptSources(folder = '/etc/apt'): Promise<AptSource[]> {
  const sources = parseSourcesList(await readIfThere(join(folder, 'sources.list')));
  const parts = await readdir(join(folder, 'sources.list.d')).catch(() => []);
  for (const part of parts.sort()) {
    const text = await readIfThere(join(folder, 'sources.list.d', part));
    if (part.endsWith('.list')) sources.push(...parseSourcesList(text));
    if (part.endsWith('.sources')) sources.push(...parseDeb822Sources(text));
  }
  return sources;
}

/** The mirror of Debian that this machine uses; `DROVER_LAB_MIRROR` names one where apt has none. */
export async function debianMirror(): Promise<string> {
  const mirror = process.env.DROVER_LAB_MIRROR || debianMirrorOf(await readAptSources());
  if (mirror) return mirror;
  throw new LabError(
    'finding a mirror of Debian: apt of this machine is set up with none; set DROVER_LAB_MIRROR to the address of one',
  );
}

const carriedOver = /^Acquire::(Check-Valid-Until|Check-Date|Retries|https?::Proxy|https?::CaInfo|https?::Verify-\S+) /;

/** The options of this machine's apt that decide whether a mirror can be reached and trusted, as `-o` arguments take them. */
export async function carriedAptOptions(): Promise<string[]> {
  const dump = await runCommand('apt-config', ['dump', 'Acquire']);
  return dump.stdout
    .split('\n')
    .filter((line) => carriedOver.test(line))
    .map((line) => line.replace(/^(\S+) "(.*)";$/, '$1=$2'));
}

async function readIfThere(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
