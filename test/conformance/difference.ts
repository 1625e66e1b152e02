type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The first place where two JSON texts differ, as a pointer and the two values; undefined where they say the same. Keys may come in any order. */
export function jsonDifference(wanted: string, got: string): string | undefined {
  try {
    return valueDifference(JSON.parse(wanted) as Json, JSON.parse(got) as Json, '');
  } catch {
    return wanted === got ? undefined : textDifference(wanted, got);
  }
}

/** The first line in which two texts differ. */
export function textDifference(wanted: string, got: string): string | undefined {
  const [left, right] = [wanted.split('\n'), got.split('\n')];
  for (let line = 0; line < Math.max(left.length, right.length); line++) {
    if (left[line] !== right[line]) return `line ${line + 1}: ${expected(left[line], right[line])}`;
  }
  return undefined;
}

function valueDifference(wanted: Json, got: Json, at: string): string | undefined {
  const [left, right] = [partsOf(wanted), partsOf(got)];
  if (left === undefined || right === undefined || Array.isArray(wanted) !== Array.isArray(got)) {
    return Object.is(wanted, got) ? undefined : `${at || '/'}: ${expected(wanted, got)}`;
  }
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const place = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [one, other] = [left.get(key), right.get(key)];
    const found =
      one === undefined || other === undefined
        ? `${place}: ${expected(one, other)}`
        : valueDifference(one, other, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function partsOf(value: Json): ReadonlyMap<string, Json> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

function expected(wanted: Json | undefined, got: Json | undefined): string {
  return `expected ${shown(wanted)}, got ${shown(got)}`;
}

function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
