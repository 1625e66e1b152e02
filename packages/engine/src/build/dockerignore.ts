import { posix } from 'node:path';

/** Which paths of a build context stay at home, by the rules of a `.dockerignore`. */
export interface IgnoreRules {
  /** `path` is relative to the context, with slashes. */
  excludes(path: string): boolean;
  /** Whether everything below an excluded folder is excluded too, so that it need not be read. */
  prunes(folder: string): boolean;
}

interface Rule {
  readonly pattern: RegExp;
  readonly negated: boolean;
  /** The pattern's parts as far as they are plain text. */
  readonly plainPrefix: string;
}

/** Reads a `.dockerignore`; the last rule that matches a path, or a folder above it, decides. */
export function readIgnoreRules(text: string): IgnoreRules {
  const rules = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap(readRule);
  const excludes = (path: string) => {
    const parents = ancestorsOf(path);
    let excluded = false;
    for (const { pattern, negated } of rules) {
      if (parents.some((parent) => pattern.test(parent))) excluded = !negated;
    }
    return excluded;
  };
  const exceptions = rules.filter((rule) => rule.negated);
  const prunes = (folder: string) =>
    excludes(folder) && !exceptions.some(({ plainPrefix }) => plainPrefix === '' || meets(plainPrefix, folder));
  return { excludes, prunes };
}

function readRule(line: string): readonly Rule[] {
  const trimmed = line.trim();
  if (trimmed === '' || line.startsWith('#')) return [];
  const negated = trimmed.startsWith('!');
  const cleaned = posix.normalize(negated ? trimmed.slice(1).trim() : trimmed).replace(/^\/+|\/+$/g, '');
  if (cleaned === '' || cleaned === '.') return [];
  const plain = cleaned.split('/').findIndex((part) => /[*?[\\]/.test(part));
  const plainPrefix = plain < 0 ? cleaned : cleaned.split('/').slice(0, plain).join('/');
  return [{ pattern: new RegExp(`^${expressionOf(cleaned)}$`, 's'), negated, plainPrefix }];
}

/** Go's `filepath.Match`, and `**` for any number of folders. */
function expressionOf(pattern: string): string {
  let expression = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] as string;
    if (pattern.startsWith('**', at)) {
      at += pattern[at + 2] === '/' ? 2 : 1;
      expression += at + 1 >= pattern.length ? '.*' : '(?:.*/)?';
    } else if (character === '*') expression += '[^/]*';
    else if (character === '?') expression += '[^/]';
    else if (character === '[') {
      const end = pattern.indexOf(']', at + 2);
      if (end < 0) expression += '\\[';
      else {
        expression += `[${pattern.slice(at + 1, end).replaceAll('[', '\\[')}]`;
        at = end;
      }
    } else if (character === '\\' && at + 1 < pattern.length) {
      at += 1;
      expression += escapeCharacter(pattern[at] as string);
    } else expression += escapeCharacter(character);
  }
  return expression;
}

function escapeCharacter(character: string): string {
  return /[\\^$.*+?()[\]{}|]/.test(character) ? `\\${character}` : character;
}

function ancestorsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Whether one of the two lies in the other. */
function meets(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}
