import type { DeploymentView } from '@drover/contract';
import { formatElapsed } from '../terminal/units.ts';
import { itemLine, type LiveOptions, nameWidth } from './live.ts';
import { changeWord } from './plain.ts';
import type { DeploymentProgress } from './state.ts';
import { actionDone } from './words.ts';

/**
 * The lines that stay on a terminal after the live picture: every service that changed, with its causes. Of a deployment that
 * was taken back, those of what was tried.
 */
export function settledLines(progress: DeploymentProgress, options: LiveOptions): string[] {
  const items = [...(progress.attempt ?? progress.items).values()].filter(
    ({ state }) => state !== 'unchanged' && state !== 'waiting' && state !== 'skipped',
  );
  const names = items.map(({ name }) => name);
  return items.map((item) => itemLine(item, nameWidth(options.columns, names), options));
}

/** The one sentence a deployment that succeeded ends with. */
export function successSentence(deployment: DeploymentView, progress: DeploymentProgress): string {
  const counts = new Map<string, number>();
  let unchanged = 0;
  for (const change of progress.changes.values()) {
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

function elapsedOf({ startedAt, createdAt, endedAt }: DeploymentView): string {
  return endedAt === undefined ? '' : formatElapsed(Date.parse(endedAt) - Date.parse(startedAt ?? createdAt));
}
