import type { DeploymentView } from '@drover/contract';
import { findingLines } from '../project/diagnostic-lines.ts';
import type { Paint } from '../terminal/style.ts';
import type { Symbols } from '../terminal/symbols.ts';
import { count } from '../terminal/units.ts';
import { oneLine } from '../terminal/width.ts';
import { withLastNames } from './words.ts';

export interface FailureOptions {
  readonly paint: Paint;
  readonly symbols: Symbols;
  /** The caller's directory. */
  readonly directory: string;
}

/** Why a deployment did not succeed, the last log lines of what failed, and what serves now. */
export function failureLines(deployment: DeploymentView, options: FailureOptions): string[] {
  const { failure, stack, action, state } = deployment;
  const { paint, symbols } = options;
  const place = { paint, directory: options.directory, textOf: () => undefined, columns: undefined };
  const findings = (failure?.diagnostics ?? []).filter(({ severity }) => severity === 'error');
  // A finding that says the same as the message, with its place, stands for it.
  const told = findings.find(({ message }) => failure?.message.includes(message));
  const message = told === undefined ? oneLine(failure?.message ?? '') : (findingLines(told, place)[0] ?? '');
  const verdict = state === 'cancelled' ? 'was cancelled' : 'failed';
  const reason = state === 'cancelled' || message === '' ? '' : `: ${withLastNames(message)}`;
  return [
    ...logLines(deployment, paint),
    ...findings.filter((finding) => finding !== told).flatMap((finding) => findingLines(finding, place)),
    `${paint('red', symbols.failed)} ${action} of ${stack} ${verdict}${reason}`,
    ...servingLine(deployment),
  ];
}

function logLines({ failure, stack }: DeploymentView, paint: Paint): string[] {
  const logs = failure?.logs ?? [];
  if (logs.length === 0) return [];
  const who = withLastNames(failure?.container ?? failure?.service ?? stack);
  return [
    paint('dim', `The last ${logs.length === 1 ? 'line' : count(logs.length, 'line')} of ${who}:`),
    ...logs.map((line) => `  ${oneLine(line)}`),
  ];
}

function servingLine({ stack, servingRevision, previousRevision, action }: DeploymentView): string[] {
  if (servingRevision !== undefined)
    return [
      `Revision ${servingRevision} of ${stack} serves${servingRevision === previousRevision ? ', as before' : ''}.`,
    ];
  return action === 'deploy' || action === 'rollback' ? [`No revision of ${stack} serves.`] : [];
}
