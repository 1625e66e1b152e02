import {
  type AcceptedField,
  acceptFields,
  covers,
  type HostFacts,
  judge,
  type Target,
  unknownField,
} from '@drover/compose';
import { refusedFieldView } from '../diagnostic-view.ts';
import { Refusal } from '../refusal.ts';
import type { GoodProject } from '../source/load-project.ts';

/**
 * The project without the refused fields that are accepted by name. Refuses, with the place of each, a project with others: before
 * anything is pulled, built or kept.
 */
export function acceptOrRefuse(
  loaded: GoodProject,
  names: readonly string[] = [],
  { target, facts }: { readonly target: Target; readonly facts: HostFacts | undefined },
): { readonly loaded: GoodProject; readonly accepted: readonly AcceptedField[] } {
  const { result } = loaded;
  for (const name of names) {
    const problem = unknownField(name);
    if (problem !== undefined) throw new Refusal('invalid', `accepting ${name}: ${problem}`);
  }
  const report = judge(result.project, (path) => result.provenance(path), target, facts);
  const { project, accepted, refused } = acceptFields(result.project, report, names);
  const final = refused.find(({ field }) => names.some((name) => covers(name, field)));
  if (final !== undefined)
    throw new Refusal('invalid', `accepting ${final.field}: without it nothing sensible is left; ${final.instead}`, {
      diagnostics: [refusedFieldView(final, target)],
    });
  if (refused.length > 0) {
    const diagnostics = refused.map((each) => refusedFieldView(each, target));
    const [first] = diagnostics;
    const place =
      first?.origin === undefined ? '' : `${first.origin.file}:${first.origin.line}:${first.origin.column}: `;
    const more = refused.length > 1 ? ` (and ${refused.length - 1} more)` : '';
    throw new Refusal('invalid-source', `${place}${first?.message}${more}`, { diagnostics });
  }
  return { loaded: accepted.length === 0 ? loaded : { ...loaded, result: { ...result, project } }, accepted };
}
