import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import { mergeService } from '../merge/merge.ts';
import { applyResets } from '../merge/reset.ts';
import { isAbsolutePath, joinPath, parentPath, relativePath } from '../paths/posix.ts';
import { isRemoteAddress } from '../paths/remote.ts';
import { resolvePaths } from '../paths/resolve.ts';
import { dropEntry, setEntry } from '../tree/edit.ts';
import { isNothing, isText, type MapNode, map, type Node, quotable, typeInWords } from '../tree/node.ts';
import type { Source } from '../tree/source.ts';
import { emptyLayer, type LayerContext } from './layer-context.ts';

/** The services of one file and what the file clears in what it builds on. */
interface Family {
  readonly services: Map<string, Node>;
  readonly resets: readonly Path[];
}

/** Each step is a call within the one before. */
const longestTrail = 500;

/** Gives every service of a document what the service it extends says. */
export async function applyExtends(
  layer: MapNode,
  source: Source,
  resets: readonly Path[],
  context: LayerContext,
): Promise<MapNode> {
  const declared = layer.entries.get('services');
  if (declared === undefined) return layer;
  if (declared.kind !== 'map') {
    throw new ComposeError('schema', `services must be a mapping, not ${typeInWords(declared)}`, {
      path: ['services'],
      place: declared,
    });
  }
  if (!extendsAny(declared)) return layer;
  const family: Family = { services: new Map(declared.entries), resets };
  const work = new Extension(source.uri, context);
  for (const name of declared.entries.keys()) await work.resolve(name, family, []);
  return setEntry(layer, 'services', map(declared, family.services));
}

function extendsAny(services: MapNode): boolean {
  for (const [name, service] of services.entries) {
    if (service.kind === 'map' ? service.entries.has('extends') : !isNothing(service)) {
      if (service.kind === 'map') return true;
      throw new ComposeError('schema', `services.${name} must be a mapping, not ${typeInWords(service)}`, {
        path: ['services', name],
        place: service,
      });
    }
  }
  return false;
}

class Extension {
  readonly #file: string;
  readonly #context: LayerContext;
  readonly #families = new Map<string, Promise<Family>>();

  constructor(file: string, context: LayerContext) {
    this.#file = file;
    this.#context = context;
  }

  /** The service with all it extends merged in, which the family remembers. `trail` is the way here. */
  async resolve(name: string, family: Family, trail: readonly string[]): Promise<MapNode | undefined> {
    const service = family.services.get(name);
    if (service === undefined || isNothing(service)) return undefined;
    const path: Path = ['services', name];
    if (service.kind !== 'map') {
      throw new ComposeError('schema', `services.${name} must be a mapping, not ${typeInWords(service)}`, {
        path,
        place: service,
      });
    }
    const reference = service.entries.get('extends');
    if (reference === undefined) return service;
    const { wanted, file } = readReference(reference, name);
    const baseFamily = file === undefined ? family : await this.#family(file, [...path, 'extends']);
    if (!baseFamily.services.has(wanted)) {
      const where = file === undefined ? this.#file : String(file.value);
      throw new ComposeError('extends', `${name} extends the service ${wanted}, which ${where} does not have`, {
        path: [...path, 'extends'],
        place: reference,
      });
    }
    const step = `${name} in ${file === undefined ? this.#file : String(file.value)}`;
    if (trail.includes(step)) {
      throw new ComposeError(
        'cycle',
        `services extend each other in a circle: ${[...trail, step].join(', which extends ')}`,
        {
          path: [...path, 'extends'],
          place: reference,
        },
      );
    }
    if (trail.length >= longestTrail) {
      throw new ComposeError('limit', `services extend each other over more than ${longestTrail} steps`, {
        path: [...path, 'extends'],
        place: reference,
      });
    }
    const base = await this.resolve(wanted, baseFamily, [...trail, step]);
    if (base === undefined) return service;
    const merged = dropEntry(mergeService(this.#cleared(base, name, family), service, path), 'extends');
    this.#context.session.spend(merged);
    family.services.set(name, merged);
    return merged;
  }

  #cleared(base: MapNode, name: string, family: Family): MapNode {
    const below = family.resets
      .filter((reset) => reset[0] === 'services' && reset[1] === name)
      .map((reset) => reset.slice(2));
    return applyResets(base, below);
  }

  #family(file: Node & { readonly value: string }, path: Path): Promise<Family> {
    let family = this.#families.get(file.value);
    if (family === undefined) {
      family = this.#load(file, path);
      this.#families.set(file.value, family);
    }
    return family;
  }

  async #load(file: Node & { readonly value: string }, path: Path): Promise<Family> {
    const context = this.#context;
    const remote = isRemoteAddress(file.value);
    const local = remote
      ? await context.resolveRemote(file.value, { path, place: file })
      : isAbsolutePath(file.value)
        ? file.value
        : joinPath(context.folder, file.value);
    const folder = parentPath(local);
    const source = await context.session.read(local, 'extends', { path, place: file });
    const { model, resets } = await context.load(source, emptyLayer(source), { ...context, folder }, 'fragment');
    const services = model.entries.get('services');
    if (services?.kind !== 'map') {
      throw new ComposeError('extends', `${local} has no services to extend`, { path, place: file });
    }
    const resolved = resolvePaths(model, {
      workingDir: remote ? folder : relativePath(context.folder, folder),
      home: context.home,
      isRemote: isRemoteAddress,
    });
    return { services: new Map((resolved.entries.get('services') as MapNode).entries), resets };
  }
}

function readReference(
  node: Node,
  name: string,
): { readonly wanted: string; readonly file: (Node & { readonly value: string }) | undefined } {
  const path: Path = ['services', name, 'extends'];
  if (isText(node)) return { wanted: node.value, file: undefined };
  if (node.kind === 'map') {
    const wanted = node.entries.get('service');
    const file = node.entries.get('file');
    if (!isText(wanted)) {
      throw new ComposeError('extends', `services.${name}.extends names no service`, { path, place: node });
    }
    if (file === undefined || isNothing(file)) return { wanted: wanted.value, file: undefined };
    if (isText(file)) return { wanted: wanted.value, file };
    throw new ComposeError('extends', `services.${name}.extends.file: ${quotable(file)} is no path`, {
      path,
      place: file,
    });
  }
  throw new ComposeError('extends', `services.${name}.extends must be a name or a mapping, not ${typeInWords(node)}`, {
    path,
    place: node,
  });
}
