import { verdictSentence } from '@drover/compose';
import type { FieldVerdict, VerdictReport } from '@drover/compose/verdict/judge';
import type { DiagnosticView } from '@drover/contract';

const severities = { refused: 'error', ignored: 'warning', emulated: 'info' } as const;

/** Marks for the editor: every field that is not simply honoured, at its place, unless a finding says the same already. */
export function verdictFindings(
  report: VerdictReport | undefined,
  known: readonly DiagnosticView[],
): readonly DiagnosticView[] {
  if (report === undefined) return [];
  const said = new Set(known.map(({ message }) => message));
  return report.fields.flatMap((each): DiagnosticView[] => {
    if (each.verdict === 'honoured' || each.origin === undefined) return [];
    const message = verdictSentence(each, report.target);
    if (said.has(message)) return [];
    return [{ severity: severities[each.verdict], code: 'verdict', message, origin: placeOf(each.origin) }];
  });
}

function placeOf({ file, line, column }: NonNullable<FieldVerdict['origin']>) {
  return { file, line, column };
}
