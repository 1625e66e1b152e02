import type { DeploymentView } from '@drover/contract';
import { findingLines } from '../project/diagnostic-lines.ts';
import type { Paint } from '../terminal/style.ts';
import type { Symbols } from '../terminal/symbols.ts';
import { count, formatElapsed } from '../terminal/units.ts';
import { oneLine } from '../terminal/width.ts';
import { itemLine, type LiveOptions, nameWidth } from './live.ts';
import { changeWord } from './plain.ts';
import type { DeploymentProgress } from './state.ts';
import { actionDone } from './words.ts';

/** The lines that stay on a terminal after the live picture: every service that changed, with its causes. */
export function settledLines(progress: DeploymentProgress, options: LiveOptions): string[] {
  const items = [...progress.items.values()].filter(({ state }) => state !== 'unchanged' && state !== 'waiting');
  const names = items.map(({ name }) => name);
  return items.map((item) => itemLine(item, nameWidth(options.columns, names), options));
}

/** The one sentence a deployment that succeeded ends with. */
export function successSentence(deployment: DeploymentView, progress: DeploymentProgress): string {
  const counts = new Map<string, number>();
  let unchanged = 0;
  for (const { change } of progress.plan?.services ?? []) {
    if (change === 'unchanged') unchanged += 1;
    else counts.set(change, (counts.get(change) ?? 0) + 1);
  }
  const parts = [...counts].map(([change, amount]) => `${amount} ${changeWord(change)}`);
  if (unchanged > 0) parts.push(`${unchanged} unchanged`);
  const elapsed = elapsedOf(deployment);
  const revision = deployment.revision === undefined ? '' : ` at revision ${deployment.revision}`;
  const what = parts.length > 0 ? `: ${parts.join(', ')}` : '';
  return `${deployment.stack} ${actionDone[deployment.action]}${revision}${what}${elapsed === '' ? '' : ` (${elapsed})`}`;
}

/** Why a deployment did not succeed, the last log lines of what failed, and what serves now. */
export function failureLines(deployment: DeploymentView, paint: Paint, symbols: Symbols, directory: string): string[] {
  const { failure, stack } = deployment;
  const lines: string[] = [];
  const who = failure?.container ?? failure?.service;
  if (failure?.logs !== undefined && failure.logs.length > 0) {
    lines.push(paint('dim', `The last ${count(failure.logs.length, 'line')} of ${who ?? 'its log'}:`));
    for (const line of failure.logs) lines.push(`  ${oneLine(line)}`);
  }
  const verdict = deployment.state === 'cancelled' ? 'was cancelled' : 'failed';
  const place = { paint, directory, textOf: () => undefined, columns: undefined };
  const findings = (failure?.diagnostics ?? []).filter(({ severity }) => severity === 'error');
  // A finding that says the same as the message, with its place, stands for it.
  const told = findings.find(({ message }) => failure?.message.includes(message));
  const reason =
    failure === undefined ? '' : `: ${told === undefined ? oneLine(failure.message) : findingLines(told, place)[0]}`;
  for (const finding of findings) if (finding !== told) lines.push(...findingLines(finding, place));
  lines.push(`${paint('red', symbols.failed)} ${deployment.action} of ${stack} ${verdict}${reason}`);
  lines.push(servingSentence(deployment));
  return lines;
}

function servingSentence({ stack, servingRevision, previousRevision }: DeploymentView): string {
  if (servingRevision === undefined) return `No revision of ${stack} serves.`;
  return `Revision ${servingRevision} of ${stack} serves${servingRevision === previousRevision ? ', as before' : ''}.`;
}

function elapsedOf({ startedAt, createdAt, endedAt }: DeploymentView): string {
  return endedAt === undefined ? '' : formatElapsed(Date.parse(endedAt) - Date.parse(startedAt ?? createdAt));
}
