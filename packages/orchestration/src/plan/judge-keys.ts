import { type AcceptedField, judge, type Project, verdictSentence } from '@drover/compose';
import type { EngineFacts } from '../model/observed.ts';
import type { Findings } from './problems.ts';

/** Finds every field of the project that this engine does not do: a problem where it is refused, a notice where it is ignored. */
export function judgeKeys(project: Project, facts: EngineFacts, findings: Findings): void {
  for (const field of judge(project, undefined, 'engine', facts).fields) {
    const sentence = (): string => verdictSentence(field, 'engine');
    if (field.verdict === 'refused') findings.problem('unsupported', sentence(), field.path);
    else if (field.verdict === 'ignored') findings.notice(sentence(), field.path);
  }
}

/** Says which fields are left out of the revision knowingly. */
export function noteAccepted(accepted: readonly AcceptedField[], findings: Findings): void {
  for (const { field, path, reason } of accepted) {
    const owner = path[0] === 'services' ? ` of ${String(path[1])}` : ` (${String(path[1])})`;
    findings.notice(`${field}${owner} is left out, as was accepted: ${reason}`, path);
  }
}
