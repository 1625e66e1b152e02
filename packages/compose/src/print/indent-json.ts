/** Compact JSON over several lines, indented by two, as Go's `json.Indent` does it: empty brackets stay together. */
export function indentJson(json: string): string {
  let out = '';
  let depth = 0;
  let at = 0;
  const newLine = (): string => `\n${'  '.repeat(depth)}`;
  while (at < json.length) {
    const char = json[at]!;
    if (char === '"') {
      const end = stringEnd(json, at);
      out += json.slice(at, end);
      at = end;
      continue;
    }
    at++;
    if (char === '{' || char === '[') {
      if (json[at] === '}' || json[at] === ']') {
        out += char + json[at];
        at++;
      } else {
        depth++;
        out += char + newLine();
      }
    } else if (char === '}' || char === ']') {
      depth--;
      out += newLine() + char;
    } else if (char === ',') out += char + newLine();
    else if (char === ':') out += ': ';
    else out += char;
  }
  return out;
}

function stringEnd(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') return at + 1;
  }
  return json.length;
}
