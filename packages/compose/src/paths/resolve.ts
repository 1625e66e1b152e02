import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../diagnostics/format-path.ts';
import { mapChildren, setEntry } from '../tree/edit.ts';
import { isText, type MapNode, type Node, text, textAt, typeInWords } from '../tree/node.ts';
import { type Pattern, patterns, step } from '../tree/pattern.ts';
import { isAbsolutePath, joinPath } from './posix.ts';
import { isWindowsAbsolute } from './windows.ts';

/** Against what relative paths are resolved. */
export interface PathContext {
  /** Absolute, or relative while a file that is included or extended waits for its project. */
  readonly workingDir: string;
  readonly home: string | undefined;
  /** Whether an address is one of another scheme, which stays as it is. */
  readonly isRemote: (address: string) => boolean;
}

type Resolve = (node: Node, path: Path, context: PathContext) => Node;

const resolvers: Pattern<Resolve> = patterns<Resolve>([
  ['services.*.build.context', buildContext],
  ['services.*.build.additional_contexts.*', buildContext],
  ['services.*.build.ssh.*', anyAbsolute],
  ['services.*.env_file.*.path', local],
  ['services.*.label_file.*', local],
  [
    'services.*.extends.file',
    (node, path, context) => (isRemoteText(node, context) ? node : local(node, path, context)),
  ],
  ['services.*.develop.watch.*.path', local],
  ['services.*.volumes.*', volumeMount],
  ['configs.*.file', anyAbsolute],
  ['secrets.*.file', anyAbsolute],
  ['volumes.*', volumeDevice],
]);

const remoteContextPrefixes = ['https://', 'http://', 'git://', 'ssh://', 'github.com/', 'git@'];

/** Makes every relative path one that begins with the working directory. */
export function resolvePaths(model: MapNode, context: PathContext): MapNode {
  return visit(model, [], resolvers, context) as MapNode;
}

function visit(node: Node, path: Path, pattern: Pattern<Resolve> | undefined, context: PathContext): Node {
  if (pattern === undefined) return node;
  if (pattern.value !== undefined) return pattern.value(node, path, context);
  return mapChildren(node, (child, key) =>
    visit(child, [...path, key], step(pattern, typeof key === 'number' ? '[]' : key), context),
  );
}

/** `~` and what follows it, in the home directory. */
export function expandHome(path: string, home: string | undefined): string {
  return path.startsWith('~') && home !== undefined ? joinPath(home, path.slice(1)) : path;
}

function isRemoteText(node: Node, context: PathContext): boolean {
  return isText(node) && context.isRemote(node.value);
}

function local(node: Node, path: Path, context: PathContext): Node {
  if (!isText(node)) {
    throw new ComposeError('value', `${formatPath(path)} must be a path, not ${typeInWords(node)}`, {
      path,
      place: node,
    });
  }
  const expanded = expandHome(node.value, context.home);
  if (expanded === '' || isAbsolutePath(expanded)) return expanded === node.value ? node : text(node, expanded);
  return text(node, joinPath(context.workingDir, expanded));
}

function buildContext(node: Node, path: Path, context: PathContext): Node {
  if (isText(node)) {
    const { value } = node;
    if (value.includes('://') || value.startsWith('service:')) return node;
    if (remoteContextPrefixes.some((prefix) => value.startsWith(prefix))) return node;
  }
  return local(node, path, context);
}

/** A path of either system: the engine may run on another one than the client. */
function anyAbsolute(node: Node, _path: Path, context: PathContext): Node {
  if (!isText(node)) return node;
  const expanded = expandHome(node.value, context.home);
  const result =
    isAbsolutePath(expanded) || isWindowsAbsolute(expanded) ? expanded : joinPath(context.workingDir, expanded);
  return result === node.value ? node : text(node, result);
}

function volumeMount(node: Node, path: Path, context: PathContext): Node {
  if (node.kind !== 'map' || textAt(node, 'type') !== 'bind') return node;
  const source = node.entries.get('source');
  if (!isText(source)) {
    throw new ComposeError('value', `${formatPath(path)} is a bind mount, so it needs a source`, { path, place: node });
  }
  return setEntry(node, 'source', anyAbsolute(source, path, context));
}

/** A local volume with `o: bind` is a bind mount in disguise. */
function volumeDevice(node: Node, path: Path, context: PathContext): Node {
  if (node.kind !== 'map' || textAt(node, 'driver') !== 'local') return node;
  const options = node.entries.get('driver_opts');
  if (options?.kind !== 'map' || textAt(options, 'o') !== 'bind') return node;
  const device = options.entries.get('device');
  if (device === undefined) return node;
  return setEntry(node, 'driver_opts', setEntry(options, 'device', anyAbsolute(device, path, context)));
}
