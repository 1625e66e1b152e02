import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { type Node, quotable } from '../tree/node.ts';

/** The short form of a mount, taken apart. */
export interface VolumeSpec {
  type: 'bind' | 'volume';
  source: string;
  target: string;
  readOnly: boolean;
  bind: { selinux?: string; propagation?: string } | undefined;
  nocopy: boolean;
  /** Of one or two characters: a target and nothing else. */
  bare: boolean;
}

const propagations = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);

/** Reads `[source:]target[:options]`; drive letters and `${…}` keep their colons. */
export function parseVolumeSpec(spec: string, place: Node, path: Path): VolumeSpec {
  const volume: VolumeSpec = {
    type: 'volume',
    source: '',
    target: '',
    readOnly: false,
    bind: undefined,
    nocopy: false,
    bare: false,
  };
  if (spec === '') throw fail('an empty mount', place, path);
  if (hasTwoBytesAtMost(spec)) return { ...volume, target: spec, bare: true };
  const sections = splitSections(spec);
  for (const [index, section] of sections.entries()) {
    const last = index === sections.length - 1;
    if (section === '') throw fail('nothing between two colons', place, path);
    if (volume.source === '' && last) volume.target = section;
    else if (volume.source === '') volume.source = section;
    else if (volume.target === '') volume.target = section;
    else if (!last) throw fail('too many colons', place, path);
    else applyOptions(volume, section);
  }
  volume.type = isFilePath(volume.source) ? 'bind' : 'volume';
  return volume;
}

function splitSections(spec: string): string[] {
  const sections: string[] = [];
  let section = '';
  let braces = 0;
  const chars = Array.from(spec);
  for (const [index, char] of chars.entries()) {
    if (char === '$' && chars[index + 1] === '{') braces++;
    else if (char === '}' && braces > 0) braces--;
    else if (char === ':' && braces === 0 && !isDriveLetter(section)) {
      sections.push(section);
      section = '';
      continue;
    }
    section += char;
  }
  if (braces === 0) sections.push(section);
  return sections;
}

function applyOptions(volume: VolumeSpec, options: string): void {
  for (const option of options.split(',')) {
    if (option === 'ro') volume.readOnly = true;
    else if (option === 'rw') volume.readOnly = false;
    else if (option === 'nocopy') volume.nocopy = true;
    else if (option === 'z' || option === 'Z') volume.bind = { ...volume.bind, selinux: option };
    else if (propagations.has(option)) volume.bind = { ...volume.bind, propagation: option };
  }
}

function isFilePath(source: string): boolean {
  if (/^[./~]/.test(source) || source.startsWith('\\\\')) return true;
  const [first, second] = Array.from(source.slice(0, 4));
  return first !== undefined && second === ':' && isDriveLetter(first);
}

function isDriveLetter(text: string): boolean {
  return /^\p{L}$/u.test(text);
}

/** In UTF-8: two letters of ASCII, or one that takes two bytes. */
function hasTwoBytesAtMost(text: string): boolean {
  return text.length <= 2 && /^(?:[\0-\x7f]{1,2}|[\x80-\u07ff])$/.test(text);
}

function fail(why: string, place: Node, path: Path): ComposeError {
  return new ComposeError('value', `the mount ${quotable(place)} cannot be read: ${why}`, { path, place });
}
