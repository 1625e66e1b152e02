import type { Path } from './diagnostic.ts';

/** A path for the eye: `services.web.ports[0].target`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}
