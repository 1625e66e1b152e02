/** Go's `path.Clean`: the shortest path that means the same; '' is '.'. */
export function cleanPath(path: string): string {
  if (path === '') return '.';
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  const joined = parts.join('/');
  return rooted ? `/${joined}` : joined === '' ? '.' : joined;
}

/** Go's `filepath.Join`: parts that are not empty, cleaned; '' where all are empty. */
export function joinPath(...parts: readonly string[]): string {
  const joined = parts.filter((part) => part !== '').join('/');
  return joined === '' ? '' : cleanPath(joined);
}

export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/');
}

/** The folder of a path; '.' where it has none. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return cleanPath(path.slice(0, slash + 1));
}

/** The last part of a path; '.' for '' and '/' for the root. */
export function baseName(path: string): string {
  if (path === '') return '.';
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** The way from one absolute folder to another path. */
export function relativePath(from: string, to: string): string {
  const base = partsOf(from);
  const target = partsOf(to);
  let shared = 0;
  while (shared < base.length && shared < target.length && base[shared] === target[shared]) shared++;
  const up = base.slice(shared).map(() => '..');
  return cleanPath([...up, ...target.slice(shared)].join('/'));
}

function partsOf(path: string): string[] {
  return cleanPath(path)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
}
