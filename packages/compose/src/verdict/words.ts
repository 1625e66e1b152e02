import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FieldVerdict, VerdictReport } from './judge.ts';
import type { Target } from './verdict.ts';

const targetWords: Readonly<Record<Target, string>> = { engine: 'one engine', swarm: 'a Swarm' };

/** What is to be said of a field in one sentence: `privileged of web is refused on a Swarm: …; write …`. */
export function verdictSentence({ field, path, verdict, reason, instead }: FieldVerdict, target: Target): string {
  const key = field.slice(field.indexOf('.') + 1);
  const owner =
    path[0] === 'services' ? String(path[1]) : `the ${field.slice(0, field.indexOf('.'))} ${String(path[1])}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${key} of ${owner} is ${verdict} on ${targetWords[target]}${why}${instead === undefined ? '' : `; ${instead}`}`;
}

/** What an author should know of a report: an error where a field is refused, a warning where it is ignored. */
export function verdictDiagnostics({ fields, target }: VerdictReport): readonly Diagnostic[] {
  return fields.flatMap((each): Diagnostic[] => {
    if (each.verdict !== 'refused' && each.verdict !== 'ignored') return [];
    return [
      {
        severity: each.verdict === 'refused' ? 'error' : 'warning',
        code: 'unsupported',
        message: verdictSentence(each, target),
        path: each.path,
        ...(each.origin === undefined ? {} : { origin: each.origin }),
      },
    ];
  });
}
