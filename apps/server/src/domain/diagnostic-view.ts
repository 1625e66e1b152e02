import {
  type Diagnostic,
  type FieldVerdict,
  type Origin,
  type Target,
  type VerdictReport,
  verdictSentence,
} from '@drover/compose';
import type { DiagnosticView, VerdictReportView } from '@drover/contract';
import type { Notice, PlanProblem } from '@drover/orchestration';

/** A finding of the loader as the API shows it. */
export function diagnosticView({ severity, code, message, path, origin, suggestion }: Diagnostic): DiagnosticView {
  return {
    severity,
    code,
    message,
    path: [...path],
    ...(origin === undefined ? {} : { origin: place(origin) }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** A refused field as a finding. */
export function refusedFieldView(verdict: FieldVerdict, target: Target): DiagnosticView {
  const { path, field, leftOut, origin } = verdict;
  return {
    severity: 'error',
    code: 'unsupported',
    message: verdictSentence(verdict, target),
    path: [...path],
    ...(leftOut === undefined ? {} : { field }),
    ...(origin === undefined ? {} : { origin: place(origin) }),
  };
}

/** A report as the API shows it. */
export function reportView({ target, counts, fields }: VerdictReport): VerdictReportView {
  return {
    target,
    counts: { ...counts },
    fields: fields.map(({ path, origin, leftOut, ...rest }) => ({
      ...rest,
      path: [...path],
      acceptable: leftOut !== undefined,
      ...(origin === undefined ? {} : { origin: place(origin) }),
    })),
  };
}

/** What a plan wants its reader to know. */
export function noticeView({ message, service, origin }: Notice): DiagnosticView {
  return {
    severity: 'warning',
    code: 'notice',
    message,
    ...(service === undefined ? {} : { path: ['services', service] }),
    ...(origin === undefined ? {} : { origin: place(origin) }),
  };
}

/** Why no plan can be made. */
export function problemView({ code, message, service, origin }: PlanProblem): DiagnosticView {
  return {
    severity: 'error',
    code,
    message,
    ...(service === undefined ? {} : { path: ['services', service] }),
    ...(origin === undefined ? {} : { origin: place(origin) }),
  };
}

function place({ file, line, column }: Origin): { file: string; line: number; column: number } {
  return { file, line, column };
}
