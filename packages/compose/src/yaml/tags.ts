import type { DocumentDirective } from 'js-yaml';
import { parseInteger, type Resolved, resolvePlain } from './scalar.ts';

const standardPrefix = 'tag:yaml.org,2002:';

/** A tag in short form: `!!int`, `!reset`; '' for none and for the non-specific `!`. */
export function shortTag(written: string, directives: readonly DocumentDirective[]): string {
  if (written === '' || written === '!') return '';
  if (written.startsWith('!<')) return shorten(written.slice(2, -1));
  if (written.startsWith('!!')) {
    const prefix = handlePrefix('!!', directives);
    return prefix === undefined ? written : shorten(prefix + written.slice(2));
  }
  const end = written.indexOf('!', 1);
  if (end !== -1) {
    const prefix = handlePrefix(written.slice(0, end + 1), directives);
    return prefix === undefined ? written : shorten(prefix + written.slice(end + 1));
  }
  const prefix = handlePrefix('!', directives);
  return prefix === undefined ? written : shorten(prefix + written.slice(1));
}

function handlePrefix(handle: string, directives: readonly DocumentDirective[]): string | undefined {
  for (const directive of directives) {
    if (directive.kind === 'tag' && directive.handle === handle) return directive.prefix;
  }
  return undefined;
}

function shorten(full: string): string {
  return full.startsWith(standardPrefix) ? `!!${full.slice(standardPrefix.length)}` : full;
}

/** The value of a tagged scalar, or undefined where the text is no value of that tag. */
export function resolveTagged(tag: string, text: string): Resolved | undefined {
  switch (tag) {
    case '!!str':
      return { type: 'string', value: text };
    case '!!binary':
      return decodeBase64(text);
    case '!!int':
    case '!!bool':
    case '!!null':
    case '!!timestamp': {
      const resolved = resolvePlain(text);
      return `!!${resolved.type}` === tag ? resolved : undefined;
    }
    case '!!float': {
      const resolved = resolvePlain(text);
      if (resolved.type === 'float') return resolved;
      if (resolved.type !== 'int') return undefined;
      return { type: 'float', value: Number(parseInteger(text.replaceAll('_', '')) ?? Number.NaN) };
    }
    default:
      return { type: 'string', value: text };
  }
}

function decodeBase64(text: string): Resolved | undefined {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll(/[\r\n]/g, '')), (char) => char.charCodeAt(0));
    return { type: 'string', value: new TextDecoder().decode(bytes) };
  } catch {
    return undefined;
  }
}
