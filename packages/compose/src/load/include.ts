import { checkModel } from '../canonical/check.ts';
import { setDefaults } from '../canonical/defaults.ts';
import { resolveBareNames } from '../canonical/environment.ts';
import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { parseDotenv, type Variables } from '../dotenv/parse.ts';
import { isAbsolutePath, joinPath, parentPath, relativePath } from '../paths/posix.ts';
import { isRemoteAddress } from '../paths/remote.ts';
import { resolvePaths } from '../paths/resolve.ts';
import { dropEntry, setEntry } from '../tree/edit.ts';
import { nodesEqual } from '../tree/equal.ts';
import { isNothing, isText, type MapNode, map, type Node, typeInWords } from '../tree/node.ts';
import { emptyLayer, type LayerContext } from './layer-context.ts';

type TextNode = Node & { readonly value: string };

interface Include {
  readonly files: readonly TextNode[];
  readonly projectDirectory: string;
  readonly envFiles: readonly TextNode[];
  readonly place: Node;
}

/** In values of the work that is allowed: files that include each other twice come to no end otherwise. */
const costOfInclude = 100;

const sections = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'];

/** Takes over what the included projects declare. */
export async function applyInclude(layer: MapNode, context: LayerContext): Promise<MapNode> {
  const declared = layer.entries.get('include');
  if (declared === undefined) return layer;
  let result = layer;
  for (const include of readIncludes(declared)) {
    result = takeOver(await loadInclude(include, context), result, include.place);
  }
  return dropEntry(result, 'include');
}

function readIncludes(node: Node): Include[] {
  if (isNothing(node)) return [];
  if (node.kind !== 'list') throw wrong(node, ['include'], 'a list');
  return node.items.map((item, index) => {
    const path: Path = ['include', index];
    if (isText(item)) return { files: [item], projectDirectory: '', envFiles: [], place: item };
    if (item.kind !== 'map') throw wrong(item, path, 'a path or a mapping');
    const directory = item.entries.get('project_directory');
    return {
      files: textsOf(item.entries.get('path'), [...path, 'path']),
      projectDirectory: isText(directory) ? directory.value : '',
      envFiles: textsOf(item.entries.get('env_file'), [...path, 'env_file']),
      place: item,
    };
  });
}

function textsOf(node: Node | undefined, path: Path): TextNode[] {
  if (node === undefined || isNothing(node)) return [];
  if (isText(node)) return [node];
  if (node.kind === 'list' && node.items.every(isText)) return [...node.items];
  throw wrong(node, path, 'a path or a list of paths');
}

async function loadInclude(include: Include, context: LayerContext): Promise<MapNode> {
  const { session } = context;
  session.spendValues(costOfInclude, { path: ['include'], place: include.place });
  const [main] = include.files;
  if (main === undefined)
    throw new ComposeError('include', 'an include names no file', { path: ['include'], place: include.place });
  const files: { readonly uri: string; readonly node: TextNode }[] = [];
  for (const node of include.files) files.push({ uri: await locate(node, context), node });
  const mainUri = files[0]!.uri;
  if (context.included.includes(mainUri)) {
    const circle = [...context.included, mainUri].join(', which includes ');
    throw new ComposeError('cycle', `files include each other in a circle: ${circle}`, {
      path: ['include'],
      place: main,
    });
  }
  const { folder, workingDir } = await placesOf(include, mainUri, context);
  const environment = await includedEnvironment(include, folder, context);
  const inner: LayerContext = { ...context, folder, workingDir, environment };
  let model: MapNode | undefined;
  for (const { uri, node } of files) {
    const source = await session.read(uri, 'include', { path: ['include'], place: node });
    model = (await context.load(source, model ?? emptyLayer(source), inner)).model;
  }
  const complete = setDefaults(model!);
  checkModel(complete);
  const resolved = resolvePaths(complete, { workingDir, home: context.home, isRemote: isRemoteAddress });
  return resolveBareNames(resolved, environment);
}

async function locate(node: TextNode, context: LayerContext): Promise<string> {
  const address = node.value;
  if (isRemoteAddress(address)) return context.resolveRemote(address, { path: ['include'], place: node });
  return isAbsolutePath(address) ? address : joinPath(context.folder, address);
}

/** The folder of the included project, and the same seen from the including one, as its paths will be resolved again. */
async function placesOf(
  include: Include,
  mainUri: string,
  context: LayerContext,
): Promise<{ readonly folder: string; readonly workingDir: string }> {
  const { projectDirectory: directory } = include;
  if (directory === '') {
    const folder = parentPath(mainUri);
    return { folder, workingDir: relativePath(context.folder, folder) };
  }
  if (isAbsolutePath(directory)) return { folder: directory, workingDir: directory };
  const folder = joinPath(context.folder, directory);
  // docker compose takes a directory that does not exist for a file and uses the folder it would lie in.
  const seen = (await context.session.kind(folder)) === 'directory' ? folder : parentPath(folder);
  return { folder, workingDir: relativePath(context.folder, seen) };
}

async function includedEnvironment(
  include: Include,
  folder: string,
  context: LayerContext,
): Promise<ReadonlyMap<string, string>> {
  const { session, environment } = context;
  const files: { readonly uri: string; readonly place: Node }[] = [];
  for (const node of include.envFiles) {
    files.push({ uri: isAbsolutePath(node.value) ? node.value : joinPath(context.folder, node.value), place: node });
  }
  const implied = joinPath(folder, '.env');
  if (files.length === 0 && (await session.kind(implied)) === 'file')
    files.push({ uri: implied, place: include.place });
  if (files.length === 0) return environment;
  const variables: Variables = new Map();
  for (const { uri, place } of files) {
    const source = await session.read(uri, 'env-file', { path: ['include'], place });
    try {
      parseDotenv(source.text, variables, (name) => environment.get(name), { budget: session.budget });
    } catch (thrown) {
      if (thrown instanceof ComposeError)
        throw new ComposeError(thrown.code, `${uri}, ${thrown.message}`, { path: ['include'], place });
      throw thrown;
    }
  }
  return new Map([...variables, ...environment]);
}

/** Puts the resources of an included project into the including file; two of one name must be the same. */
function takeOver(from: MapNode, layer: MapNode, place: Node): MapNode {
  let result = layer;
  for (const section of sections) {
    const added = from.entries.get(section);
    if (added?.kind !== 'map') continue;
    const existing = result.entries.get(section);
    const entries = new Map(existing?.kind === 'map' ? existing.entries : []);
    for (const [name, node] of added.entries) {
      const conflict = entries.get(name);
      if (conflict !== undefined && !nodesEqual(conflict, node)) {
        throw new ComposeError('include', `${section}.${name} is declared here and, differently, in an included file`, {
          path: [section, name],
          place: conflict.source === place.source ? conflict : place,
        });
      }
      entries.set(name, node);
    }
    result = setEntry(result, section, map(existing ?? added, entries));
  }
  return result;
}

function wrong(node: Node, path: Path, wanted: string): ComposeError {
  return new ComposeError('schema', `${path.join('.')} must be ${wanted}, not ${typeInWords(node)}`, {
    path,
    place: node,
  });
}
