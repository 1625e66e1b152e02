import type { Shape } from '../bind/field.ts';
import { serviceShape } from '../bind/service-shape.ts';
import { fileObjectShape, networkShape, volumeShape } from '../bind/shapes.ts';
import type { Project } from '../model/project.ts';
import { namedToJson, structToJson, valueToJson } from './go-json.ts';
import { indentJson } from './indent-json.ts';
import { shownProject } from './shown-project.ts';

/** What `docker compose config --format json` prints: unused resources left out, `$` doubled, `x-` keys of the top only. */
export function toJson(project: Project): string {
  const shown = shownProject(project);
  const parts = new Map<string, string>([
    ['name', valueToJson(shown.name)],
    ['services', sectionToJson(shown.services, serviceShape)],
  ]);
  const sections = { networks: networkShape, volumes: volumeShape, secrets: fileObjectShape, configs: fileObjectShape };
  for (const [key, shape] of Object.entries(sections)) {
    const section = shown[key as keyof typeof sections];
    if (Object.keys(section).length > 0) parts.set(key, sectionToJson(section, shape));
  }
  for (const key of Object.keys(shown)) {
    if (key.startsWith('x-')) parts.set(key, valueToJson(shown[key as `x-${string}`]));
  }
  const keys = [...parts.keys()].sort();
  const json = `{${keys.map((key) => `${valueToJson(key)}:${parts.get(key)}`).join(',')}}`;
  return indentJson(json).replaceAll('$', '$$$$');
}

function sectionToJson(section: object, shape: Shape): string {
  return namedToJson(section, (item) => structToJson(item as object, shape));
}
