import type { Path } from '../diagnostics/diagnostic.ts';
import type { Project } from '../model/project.ts';
import { covers } from './field.ts';
import type { FieldVerdict, VerdictReport } from './judge.ts';

/** A refused field that is left out knowingly. */
export interface AcceptedField {
  readonly field: string;
  readonly path: Path;
  /** Why it was refused. */
  readonly reason: string;
}

export interface Acceptance {
  /** Without the fields that are left out. */
  readonly project: Project;
  readonly accepted: readonly AcceptedField[];
  /** The refused fields that still stand. */
  readonly refused: readonly FieldVerdict[];
}

/** Leaves out of the project the refused fields that are accepted by name, or by the name of a group around them. */
export function acceptFields(project: Project, { fields }: VerdictReport, names: readonly string[]): Acceptance {
  const accepted: AcceptedField[] = [];
  const refused: FieldVerdict[] = [];
  const paths: Path[] = [];
  for (const each of fields) {
    if (each.verdict !== 'refused') continue;
    if (each.leftOut === undefined || !names.some((name) => covers(name, each.field))) refused.push(each);
    else {
      accepted.push({ field: each.field, path: each.path, reason: each.reason ?? '' });
      paths.push(each.leftOut);
    }
  }
  return { project: paths.length === 0 ? project : without(project, paths), accepted, refused };
}

interface Gap {
  /** It goes as a whole. */
  gone: boolean;
  readonly below: Map<string | number, Gap>;
}

function without(project: Project, paths: readonly Path[]): Project {
  const root: Gap = { gone: false, below: new Map() };
  for (const path of paths) {
    let gap = root;
    for (const part of path) {
      const next: Gap = gap.below.get(part) ?? { gone: false, below: new Map() };
      gap.below.set(part, next);
      gap = next;
    }
    gap.gone = true;
  }
  return cut(project, root) as Project;
}

/** The value without the gaps in it; what has none is shared. */
function cut(value: unknown, gap: Gap | undefined): unknown {
  if (gap === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const inner = gap.below.get(index);
      return inner?.gone === true ? [] : [cut(item, inner)];
    });
  }
  const kept: Record<string, unknown> = Object.create(Object.getPrototypeOf(value));
  for (const [key, item] of Object.entries(value)) {
    const inner = gap.below.get(key);
    if (inner?.gone !== true) kept[key] = cut(item, inner);
  }
  return kept;
}
