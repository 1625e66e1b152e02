/**
 * The words of a command line, quotes and backslashes taken off; undefined where a quote or bracket is left open. As in docker
 * compose, the line ends at an unquoted `;`, `&`, `|`, `<` or `>`, and nothing is expanded.
 */
export function splitShellWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word = '';
  let started = false;
  let escaped = false;
  let single = false;
  let double = false;
  let back = false;
  let dollar = false;
  for (const char of line) {
    if (escaped) {
      word += char;
      escaped = false;
      started = true;
      continue;
    }
    if (char === '\\') {
      if (single) word += char;
      else escaped = true;
      continue;
    }
    if (char === ' ' || char === '\t' || char === '\r' || char === '\n') {
      if (single || double || back || dollar) word += char;
      else if (started) {
        words.push(word);
        word = '';
        started = false;
      }
      continue;
    }
    if (char === '`') {
      if (!single && !double && !dollar) back = !back;
    } else if (char === ')') {
      if (!single && !double && !back) dollar = !dollar;
    } else if (char === '(') {
      if (!single && !double && !back) {
        if (dollar || !word.endsWith('$')) return undefined;
        dollar = true;
        word += char;
        continue;
      }
    } else if (char === '"') {
      if (!single && !dollar) {
        if (double) started = true;
        double = !double;
        continue;
      }
    } else if (char === "'") {
      if (!double && !dollar) {
        if (single) started = true;
        single = !single;
        continue;
      }
    } else if (';&|<>'.includes(char) && !(single || double || back || dollar)) {
      // `2>` names a stream, it is no word.
      if (char === '>' && /^[0-9]/.test(word)) started = false;
      break;
    }
    started = true;
    word += char;
  }
  if (started) words.push(word);
  return escaped || single || double || back || dollar ? undefined : words;
}
