import { suggest } from '../diagnostics/suggestion.ts';
import type { RuleTree } from './rule.ts';
import { sections, table } from './table/table.ts';

/** The stable names of all fields, those of whole groups (`service.deploy`) too, in the order of the table. */
export function fieldNames(): readonly string[] {
  names ??= sections.flatMap((section) => [...namesIn(table[section].rules, table[section].noun)]);
  return names;
}

let names: readonly string[] | undefined;

function* namesIn(rules: RuleTree, above: string): Generator<string> {
  for (const [key, node] of Object.entries(rules)) {
    const name = `${above}.${key}`;
    yield name;
    if (node.fields !== undefined) yield* namesIn(node.fields, name);
    if (node.each !== undefined) yield* namesIn(node.each, name);
  }
}

/** Why a name is none of a field, with what may have been meant; undefined for one that is. */
export function unknownField(name: string): string | undefined {
  const all = fieldNames();
  if (all.includes(name)) return undefined;
  const whole = all.find((each) => each === `service.${name}`) ?? all.find((each) => each.endsWith(`.${name}`));
  const meant = whole ?? suggest(name, all) ?? (name.length > 3 ? suggest(`service.${name}`, all) : undefined);
  return `there is no field ${name}${meant === undefined ? '; drover check names the fields of your files' : `; did you mean ${meant}?`}`;
}

/** Whether a name is that of a field or of a group around it. */
export function covers(name: string, field: string): boolean {
  return field === name || field.startsWith(`${name}.`);
}
