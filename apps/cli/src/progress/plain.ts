import { unreachable } from '@drover/base';
import type { DeploymentEvent, PlanView } from '@drover/contract';
import { formatBytes, formatElapsed } from '../terminal/units.ts';
import { oneLine } from '../terminal/width.ts';
import { inwardKinds, operationDoing, operationDone, phaseWords, withLastNames } from './words.ts';

/** Kinds that are not worth a line of their own: the line of the wait, or of the next step, says it. */
const silentWhenDone = new Set(['container-rename', 'network-connect', 'network-disconnect']);

/** One event as at most a few lines of plain text, for pipes, files and dumb terminals. */
export function plainLines(event: DeploymentEvent): string[] {
  switch (event.type) {
    case 'state':
    case 'ended':
      return [];
    case 'phase':
      return event.phase === 'rollback' || event.phase === 'verify'
        ? [`${phaseWords[event.phase] ?? event.phase}…`]
        : [];
    case 'image':
      return imageLine(event);
    case 'plan':
      return [...planWarnings(event), ...planChanges(event.plan)];
    case 'operation':
      return operationLine(event);
    case 'message':
      return [
        `${event.level === 'info' ? '' : `${event.level}: `}${event.service === undefined ? '' : `${event.service}: `}${oneLine(withLastNames(event.text))}`,
      ];
    default:
      return unreachable(event);
  }
}

/** What the files ask for and does not come about, or comes about in another way. It is said once, not again on the way back. */
export function planWarnings({ plan, purpose }: Extract<DeploymentEvent, { type: 'plan' }>): string[] {
  if (purpose === 'rollback') return [];
  return plan.diagnostics.map(({ severity, message, origin }) => {
    const place = origin === undefined ? '' : `${origin.file}:${origin.line}: `;
    return `${severity}: ${place}${oneLine(message)}`;
  });
}

function planChanges({ services }: PlanView): string[] {
  return services
    .filter(({ change }) => change !== 'unchanged')
    .map(
      ({ service, change, causes }) =>
        `plan: ${service} ${changeWord(change)}${causes.length > 0 ? `: ${causes.join('; ')}` : ''}`,
    );
}

function operationLine({ operation, status, ms, message }: Extract<DeploymentEvent, { type: 'operation' }>): string[] {
  const { kind, service } = operation;
  // What was not done because something before it failed needs no line: the failure has one.
  if (inwardKinds.has(kind) || status === 'skipped') return [];
  const target = operation.target === service ? '' : ` ${withLastNames(operation.target)}`;
  const who = service === undefined ? '' : `${service}: `;
  if (status === 'started')
    return kind === 'wait' || kind === 'container-stop' ? [`${who}${operationDoing(kind)}${target}`] : [];
  if (status === 'failed')
    return [`${who}${operationDoing(kind)}${target} failed: ${oneLine(withLastNames(message ?? 'no reason given'))}`];
  const time = ms === undefined || ms < 100 ? '' : ` (${formatElapsed(ms)})`;
  return silentWhenDone.has(kind) ? [] : [`${who}${operationDone(kind)}${target}${time}`];
}

function imageLine({ status, ref, text, total, service }: Extract<DeploymentEvent, { type: 'image' }>): string[] {
  switch (status) {
    case 'done':
      return [`image ${ref} is there${total === undefined ? '' : ` (${formatBytes(total)})`}`];
    case 'failed':
      return [`image ${ref} failed${text === undefined ? '' : `: ${oneLine(text)}`}`];
    case 'building':
      return oneLine(text ?? '').trim() === '' ? [] : [`build ${service ?? ref}: ${oneLine(text ?? '')}`];
    case 'pulling':
      return [];
    default:
      return unreachable(status);
  }
}

/** `maybe-recreated` in words. */
export function changeWord(change: string): string {
  return change === 'maybe-recreated' ? 'may be recreated after the build' : change;
}
