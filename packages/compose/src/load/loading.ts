import type { Model } from '../bind/bind.ts';
import { checkModel } from '../canonical/check.ts';
import { setDefaults } from '../canonical/defaults.ts';
import { resolveBareNames } from '../canonical/environment.ts';
import { normalize } from '../canonical/normalize.ts';
import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import type { Project } from '../model/project.ts';
import type { Service } from '../model/service.ts';
import { baseName } from '../paths/posix.ts';
import { isRemoteAddress } from '../paths/remote.ts';
import { resolvePaths } from '../paths/resolve.ts';
import { checkConsistency, checkContainerNames } from '../project/consistency.ts';
import { bindProject, type ProjectParts } from '../project/project-parts.ts';
import { selectServices, withProfiles, withServicesEnabled } from '../project/select.ts';
import { mapEntries, setEntry } from '../tree/edit.ts';
import { isText, type MapNode, type Place, text } from '../tree/node.ts';
import type { Source } from '../tree/source.ts';
import { recordFiles } from './files.ts';
import type { LoadInput } from './input.ts';
import { loadLayer } from './layer.ts';
import { emptyLayer, type LayerContext } from './layer-context.ts';
import { chooseProjectName } from './project-name.ts';
import { findOrigin } from './provenance.ts';
import type { LoadResult } from './result.ts';
import { withEnvironment, withLabels } from './service-files.ts';
import type { Session } from './session.ts';

/** Of one kind; nobody reads more. */
const mostErrors = 100;

/**
 * One load, stage by stage in docker compose's order.
 * INVARIANT: `#model` is the newest tree, in which the place of a finding is looked up.
 */
export class Loading {
  readonly #input: LoadInput;
  readonly #session: Session;
  readonly #environment: Map<string, string>;
  #model: MapNode | undefined;

  constructor(input: LoadInput, session: Session) {
    this.#input = input;
    this.#session = session;
    this.#environment = new Map(Object.entries(input.environment));
  }

  report(): Pick<LoadResult, 'diagnostics' | 'inputs' | 'variables' | 'provenance'> {
    const model = this.#model;
    return {
      diagnostics: this.#session.diagnostics,
      inputs: this.#session.inputs,
      variables: this.#session.variables,
      provenance: (path) => (model === undefined ? undefined : findOrigin(model, path)),
    };
  }

  fail(error: ComposeError): void {
    const { path, place } = error.details;
    const origin =
      place === undefined && path !== undefined && this.#model !== undefined
        ? findOrigin(this.#model, path)
        : undefined;
    this.#session.report(error, 'error', origin);
  }

  /** The files put together, in long forms, before it has the types of a project. */
  async model(): Promise<{ readonly name: string; readonly model: MapNode }> {
    const files = await this.#readFiles();
    const name = this.#chooseName(files);
    const model = await this.#merge(files);
    this.#model = model;
    if (model.entries.size === 0) {
      const names = files.map(({ uri }) => baseName(uri)).join(', ');
      throw new ComposeError('value', `the Compose file is empty: ${names}`);
    }
    this.#model = this.#input.skip?.normalize === true ? model : normalize(model, name, this.#values());
    return { name, model: this.#model };
  }

  async project(): Promise<{ readonly project: Project; readonly parts: ProjectParts }> {
    const { skip = {} } = this.#input;
    const { name, model } = await this.model();
    const parts = bindProject(model);
    let project = withProfiles(this.#project(name, parts), this.#input.profiles ?? []);
    if (skip.consistency !== true) this.#check(checkConsistency(project));
    project = withAgreedScale(project);
    project = await this.#withFiles(project);
    project = await this.#withSelection(project);
    if (skip.consistency !== true) this.#check(checkContainerNames(project));
    recordFiles(project, this.#session);
    return { project, parts };
  }

  async #readFiles(): Promise<readonly Source[]> {
    const { files } = this.#input;
    if (files.length === 0) throw new ComposeError('not-found', 'there is no Compose file');
    const sources: Source[] = [];
    for (const { uri, text: given } of files) {
      if (given === undefined) sources.push(await this.#session.read(uri, 'compose'));
      else {
        sources.push(this.#session.give(uri, given));
        this.#session.need('compose', uri, true);
      }
    }
    return sources;
  }

  #chooseName(files: readonly Source[]): string {
    const name = chooseProjectName({
      given: this.#input.projectName ?? this.#environment.get('COMPOSE_PROJECT_NAME'),
      files,
      workingDir: this.#input.workingDir,
      lookup: (key) => this.#environment.get(key),
      interpolate: this.#input.skip?.interpolate !== true,
      limits: this.#session.limits,
    });
    this.#environment.set('COMPOSE_PROJECT_NAME', name);
    return name;
  }

  async #merge(files: readonly Source[]): Promise<MapNode> {
    const context: LayerContext = {
      session: this.#session,
      environment: this.#environment,
      workingDir: this.#input.workingDir,
      folder: this.#input.workingDir,
      home: this.#input.home,
      interpolate: this.#input.skip?.interpolate !== true,
      resolveRemote: (address, details) => this.#resolveRemote(address, details),
      included: [],
      load: loadLayer,
    };
    let model = emptyLayer(files[0]!);
    for (const source of files) model = (await loadLayer(source, model, context)).model;
    model = setDefaults(model);
    checkModel(model);
    if (this.#input.skip?.resolvePaths !== true) {
      const { workingDir, home } = this.#input;
      model = await this.#followLinks(resolvePaths(model, { workingDir, home, isRemote: isRemoteAddress }));
    }
    return resolveBareNames(model, this.#values());
  }

  /** What names without a value may take: nothing where variables stay as they are written. */
  #values(): ReadonlyMap<string, string> {
    return this.#input.skip?.interpolate === true ? new Map() : this.#environment;
  }

  async #resolveRemote(address: string, details: { readonly path: Path; readonly place: Place }): Promise<string> {
    const { reader, signal } = this.#input;
    const outcome = await reader.fetchRemote?.(address, signal);
    if (outcome === undefined) {
      throw new ComposeError('unsupported', `reading ${address}: remote files cannot be read here`, details);
    }
    if (outcome.ok) return outcome.uri;
    throw new ComposeError('not-found', `reading ${address}: ${outcome.reason}`, details);
  }

  /** Watched paths are seen through symbolic links, as the events of the file system name them. */
  async #followLinks(model: MapNode): Promise<MapNode> {
    const { reader } = this.#input;
    if (reader.followLinks === undefined) return model;
    const paths = new Map<string, string>();
    for (const path of watchedPaths(model)) {
      if (!paths.has(path)) paths.set(path, await reader.followLinks(path, this.#input.signal));
    }
    return paths.size === 0 ? model : changeWatchedPaths(model, (path) => paths.get(path) ?? path);
  }

  #project(name: string, parts: ProjectParts): Project {
    const { extensions, contents: _contents, services, networks, volumes, secrets, configs, models } = parts;
    const data: Model = {
      name,
      services,
      networks,
      volumes,
      secrets,
      configs,
      models,
      disabledServices: Object.create(null),
      profiles: [],
      workingDir: this.#input.workingDir,
      composeFiles: this.#input.files.map((file) => file.uri),
      ...extensions,
    };
    return data as unknown as Project;
  }

  #check(errors: readonly ComposeError[]): void {
    for (const error of errors.slice(0, mostErrors)) this.fail(error);
    const first = errors[0];
    if (first !== undefined) throw first;
  }

  async #withFiles(project: Project): Promise<Project> {
    return { ...project, services: await this.#eachWithFiles(project.services) };
  }

  async #eachWithFiles(services: Project['services']): Promise<Project['services']> {
    const result: Record<string, Service> = Object.create(null);
    for (const name of Object.keys(services)) {
      let service = services[name]!;
      if (this.#input.skip?.resolveEnvironment !== true) {
        service = await withEnvironment(name, service, this.#environment, this.#session);
      }
      result[name] = await withLabels(name, service, this.#session);
    }
    return result;
  }

  async #withSelection(project: Project): Promise<Project> {
    const names = this.#input.services ?? [];
    if (names.length === 0) return project;
    const enabled = withServicesEnabled(project, names);
    const selected = selectServices(enabled, names);
    if ('unknown' in selected) throw new ComposeError('not-found', `there is no service ${selected.unknown}`);
    return enabled === project ? selected : this.#withFiles(selected);
  }
}

/** `scale` is also the number of replicas, where there is a `deploy`. */
function withAgreedScale(project: Project): Project {
  const services: Record<string, Service> = Object.create(null);
  for (const name of Object.keys(project.services)) {
    const service = project.services[name]!;
    const { scale, deploy } = service;
    services[name] =
      scale === undefined || deploy === undefined ? service : { ...service, deploy: { ...deploy, replicas: scale } };
  }
  return { ...project, services };
}

function watchedPaths(model: MapNode): string[] {
  const found: string[] = [];
  changeWatchedPaths(model, (path) => {
    found.push(path);
    return path;
  });
  return found;
}

function changeWatchedPaths(model: MapNode, change: (path: string) => string): MapNode {
  const services = model.entries.get('services');
  if (services?.kind !== 'map') return model;
  const changed = mapEntries(services, (service) => {
    const develop = service.kind === 'map' ? service.entries.get('develop') : undefined;
    const watch = develop?.kind === 'map' ? develop.entries.get('watch') : undefined;
    if (service.kind !== 'map' || develop?.kind !== 'map' || watch?.kind !== 'list') return service;
    const items = watch.items.map((item) => {
      const path = item.kind === 'map' ? item.entries.get('path') : undefined;
      if (item.kind !== 'map' || !isText(path)) return item;
      const next = change(path.value);
      return next === path.value ? item : setEntry(item, 'path', text(path, next));
    });
    return setEntry(service, 'develop', setEntry(develop, 'watch', { ...watch, items }));
  });
  return setEntry(model, 'services', changed);
}
