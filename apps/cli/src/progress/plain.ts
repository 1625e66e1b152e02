import { unreachable } from '@drover/base';
import type { DeploymentEvent } from '@drover/contract';
import { formatBytes, formatElapsed } from '../terminal/units.ts';
import { oneLine } from '../terminal/width.ts';
import { operationDoing, operationDone, phaseWords } from './words.ts';

/** Kinds that are not worth a line of their own: the line of the wait, or of the next step, says it. */
const silentWhenDone = new Set(['container-rename', 'network-connect', 'network-disconnect', 'check']);

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
      return event.plan.services
        .filter(({ change }) => change !== 'unchanged')
        .map(
          ({ service, change, causes }) =>
            `plan: ${service} ${changeWord(change)}${causes.length > 0 ? `: ${causes.join('; ')}` : ''}`,
        );
    case 'operation': {
      const { operation, status, ms, message } = event;
      // A gate only orders others: it is no work to tell of.
      if (operation.kind === 'gate') return [];
      const who = operation.service === undefined ? '' : `${operation.service}: `;
      const target = operation.target === operation.service ? '' : ` ${operation.target}`;
      const time = ms === undefined || ms < 100 ? '' : ` (${formatElapsed(ms)})`;
      switch (status) {
        case 'started':
          return operation.kind === 'wait' || operation.kind === 'container-stop'
            ? [`${who}${operationDoing(operation.kind)}${target}`]
            : [];
        case 'done':
          return silentWhenDone.has(operation.kind) ? [] : [`${who}${operationDone(operation.kind)}${target}${time}`];
        case 'failed':
          return [`${who}${operationDoing(operation.kind)}${target} failed: ${oneLine(message ?? 'no reason given')}`];
        case 'skipped':
          return [
            `${who}${operationDoing(operation.kind)}${target} skipped${message === undefined ? '' : `: ${oneLine(message)}`}`,
          ];
        default:
          return unreachable(status);
      }
    }
    case 'message':
      return [
        `${event.level === 'info' ? '' : `${event.level}: `}${event.service === undefined ? '' : `${event.service}: `}${oneLine(event.text)}`,
      ];
    default:
      return unreachable(event);
  }
}

function imageLine({ status, ref, text, total, service }: Extract<DeploymentEvent, { type: 'image' }>): string[] {
  switch (status) {
    case 'done':
      return [`image ${ref} is there${total === undefined ? '' : ` (${formatBytes(total)})`}`];
    case 'failed':
      return [`image ${ref} failed${text === undefined ? '' : `: ${oneLine(text)}`}`];
    case 'building':
      return text === undefined || text.trim() === '' ? [] : [`build ${service ?? ref}: ${oneLine(text)}`];
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
