import { type ReactNode, useMemo } from 'react';
import { operationWords } from '../../plan/plan-words.ts';
import { type StateLook, StateMark } from '../../ui/state-mark.tsx';
import { durationWords } from '../../words/duration.ts';
import { niceTicks } from './nice-ticks.ts';
import classes from './operation-chart.module.css';
import type { OperationProgress, OperationStatus, Round } from './progress.ts';

const looks: Readonly<Record<OperationStatus, StateLook>> = {
  waiting: { tone: 'idle', shape: 'ring', word: 'waiting' },
  running: { tone: 'progress', shape: 'turning', word: 'running' },
  done: { tone: 'good', shape: 'tick', word: 'done' },
  failed: { tone: 'bad', shape: 'cross', word: 'failed' },
  skipped: { tone: 'idle', shape: 'dashed', word: 'skipped' },
};

/** So many operations are drawn one by one; beyond, those that are done are counted. */
const most = 400;

/** The operations of a plan on one axis of time, by service: what ran when, what waited for what, what failed. */
export function OperationChart({ round, now }: { readonly round: Round; readonly now: number }): ReactNode {
  const groups = useMemo(() => groupByService(round), [round]);
  const starts = [...round.operations.values()].flatMap(({ from }) => (from === undefined ? [] : [from]));
  const origin = starts.length === 0 ? 0 : Math.min(...starts);
  const ends = [...round.operations.values()].map(({ from, to }) => to ?? (from === undefined ? 0 : now));
  const length = Math.max(1000, Math.max(0, ...ends) - origin);
  return (
    <div className={classes.chart}>
      <div className={classes.scale} aria-hidden>
        <span>Operation</span>
        <div className={classes.ticks}>
          {niceTicks(length).map((tick) => (
            <span key={tick} style={{ left: `${(tick / length) * 100}%` }}>
              {tick === 0 ? '0' : durationWords(tick).replace('.0 s', ' s')}
            </span>
          ))}
        </div>
        <span />
      </div>
      {groups.map(({ name, members, hidden }) => (
        <section key={name} aria-label={name}>
          <div className={classes.service}>
            {name} <small>{hidden > 0 && `${hidden} done and not shown`}</small>
          </div>
          {members.map((each) => (
            <Row key={each.operation.id} each={each} origin={origin} length={length} now={now} />
          ))}
        </section>
      ))}
    </div>
  );
}

function Row({
  each,
  origin,
  length,
  now,
}: {
  readonly each: OperationProgress;
  readonly origin: number;
  readonly length: number;
  readonly now: number;
}): ReactNode {
  const { operation, status, from, to, message } = each;
  const end = to ?? now;
  const cause = operation.causes.join('; ');
  return (
    <div className={classes.row} data-status={status}>
      <div className={classes.words}>
        <StateMark look={looks[status]} label={looks[status].word} />
        <span title={`${operationWords(operation)}${cause === '' ? '' : `: ${cause}`}`}>
          {operationWords(operation)} <span className={classes.cause}>{cause}</span>
        </span>
      </div>
      <div className={classes.lane}>
        {from !== undefined && (
          <span
            className={classes.span}
            data-status={status}
            style={{ left: `${((from - origin) / length) * 100}%`, width: `${((end - from) / length) * 100}%` }}
          />
        )}
      </div>
      <span className={classes.took}>{from === undefined ? '' : durationWords(end - from)}</span>
      {status === 'failed' && message !== undefined && <p className={classes.problem}>{message}</p>}
    </div>
  );
}

type Group = { readonly name: string; readonly members: readonly OperationProgress[]; readonly hidden: number };

function groupByService({ operations }: Round): readonly Group[] {
  const byService = Map.groupBy(operations.values(), ({ operation }) => operation.service ?? 'The stack as a whole');
  const tooMany = operations.size > most;
  return [...byService].map(([name, members]) => {
    const shown = tooMany ? members.filter(({ status }) => status === 'running' || status === 'failed') : members;
    return {
      name,
      members: shown,
      hidden:
        members.filter(({ status }) => status === 'done').length -
        shown.filter(({ status }) => status === 'done').length,
    };
  });
}
