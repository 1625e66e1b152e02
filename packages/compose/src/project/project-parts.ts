import { bindExtensions, bindNamed, emptyModel, type Model } from '../bind/bind.ts';
import { serviceShape } from '../bind/service-shape.ts';
import { fileObjectShape, modelShape, networkShape, volumeShape } from '../bind/shapes.ts';
import { secretValueKey } from '../canonical/environment.ts';
import type { FileContents } from '../model/file-object.ts';
import { isText, type MapNode, map, type Node } from '../tree/node.ts';

/** The sections of a model, bound, before profiles part the services. */
export interface ProjectParts {
  readonly services: Model;
  readonly networks: Model;
  readonly volumes: Model;
  readonly secrets: Model;
  readonly configs: Model;
  readonly models: Model;
  readonly extensions: Model;
  readonly contents: FileContents;
}

/** Binds a canonical model to the types of the package. Contents that came from variables stay apart. */
export function bindProject(model: MapNode): ProjectParts {
  const section = (key: string): Node => {
    const node = model.entries.get(key);
    return node?.kind === 'map' ? node : map(model, new Map());
  };
  const extensions = emptyModel();
  bindExtensions(model, extensions);
  const configs = bindNamed(section('configs'), fileObjectShape, false, ['configs']);
  for (const config of Object.values(configs) as Model[]) if (config.environment !== undefined) delete config.content;
  return {
    services: bindNamed(section('services'), serviceShape, false, ['services']),
    networks: bindNamed(section('networks'), networkShape, false, ['networks']),
    volumes: bindNamed(section('volumes'), volumeShape, false, ['volumes']),
    secrets: bindNamed(section('secrets'), fileObjectShape, false, ['secrets']),
    configs,
    models: bindNamed(section('models'), modelShape, false, ['models']),
    extensions,
    contents: { secrets: textsIn(section('secrets'), secretValueKey), configs: textsIn(section('configs'), 'content') },
  };
}

function textsIn(section: Node, key: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (section.kind !== 'map') return found;
  for (const [name, node] of section.entries) {
    const child = node.kind === 'map' ? node.entries.get(key) : undefined;
    if (isText(child)) found.set(name, child.value);
  }
  return found;
}
