import type { FieldVerdict, VerdictReport } from '@drover/compose/verdict/judge';
import type { Target, Verdict } from '@drover/compose/verdict/verdict';
import { type ReactNode, useId, useState } from 'react';
import { Quoted } from '../../../ui/quoted.tsx';
import { type StateLook, StateMark } from '../../../ui/state-mark.tsx';
import { countWords } from '../../../words/count.ts';
import type { EditorPlace } from './code-editor.tsx';
import classes from './verdict-panel.module.css';

const looks: Readonly<Record<Verdict, StateLook>> = {
  honoured: { tone: 'good', shape: 'tick', word: 'Honoured' },
  emulated: { tone: 'progress', shape: 'half', word: 'Emulated' },
  ignored: { tone: 'warn', shape: 'triangle', word: 'Ignored' },
  refused: { tone: 'bad', shape: 'cross', word: 'Refused' },
};
const verdicts = Object.keys(looks) as readonly Verdict[];
/** What matters most stands first. */
const listed = ['refused', 'ignored', 'emulated'] as const satisfies readonly Verdict[];
const targetWords: Readonly<Record<Target, string>> = { engine: 'One engine', swarm: 'Swarm' };

type Props = {
  /** Absent while nothing is known, or the files have errors. */
  readonly report: VerdictReport | undefined;
  readonly target: Target;
  readonly onTarget: (target: Target) => void;
  readonly onGo: (origin: EditorPlace & { readonly file: string }) => void;
};

/**
 * What becomes of the fields, as counts in one line of a height that never changes; on demand, each field that is not simply
 * honoured with its reason and place.
 */
export function VerdictPanel({ report, target, onTarget, onGo }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const list = useId();
  const words =
    report === undefined
      ? 'no verdicts yet'
      : verdicts.map((verdict) => `${report.counts[verdict]} ${verdict}`).join(', ');
  return (
    <section className={classes.panel} aria-label="Verdicts">
      <div className={classes.bar}>
        {(Object.keys(targetWords) as readonly Target[]).map((each) => (
          <button
            key={each}
            type="button"
            className={classes.target}
            aria-pressed={each === target}
            onClick={() => onTarget(each)}
          >
            {targetWords[each]}
          </button>
        ))}
        <button
          type="button"
          className={classes.counts}
          aria-expanded={open}
          aria-controls={list}
          aria-label={`Verdicts on the fields: ${words}`}
          title={words}
          onClick={() => setOpen(!open)}
        >
          {verdicts.map((verdict) => (
            <span key={verdict} className={classes.count} data-none={report?.counts[verdict] ? undefined : ''}>
              <StateMark look={looks[verdict]} /> {report?.counts[verdict] ?? '–'}
            </span>
          ))}
        </button>
      </div>
      <div id={list} className={classes.list} hidden={!open}>
        {report === undefined ? (
          <p className={classes.quiet}>Sound files have a verdict for every field.</p>
        ) : (
          <Fields report={report} onGo={onGo} />
        )}
      </div>
    </section>
  );
}

function Fields({ report, onGo }: { readonly report: VerdictReport; readonly onGo: Props['onGo'] }): ReactNode {
  const rest = report.counts.honoured;
  return (
    <>
      {listed.map((verdict) => {
        const fields = report.fields.filter((each) => each.verdict === verdict);
        if (fields.length === 0) return null;
        return (
          <div key={verdict}>
            <h3>{looks[verdict].word}</h3>
            <ul>
              {fields.slice(0, 100).map((each) => (
                <Field key={each.path.join('/')} verdict={each} onGo={onGo} />
              ))}
              {fields.length > 100 && <li className={classes.quiet}>and {fields.length - 100} more</li>}
            </ul>
          </div>
        );
      })}
      <p className={classes.quiet}>{countWords(rest, 'field')} honoured.</p>
    </>
  );
}

function Field({ verdict, onGo }: { readonly verdict: FieldVerdict; readonly onGo: Props['onGo'] }): ReactNode {
  const { field, path, reason, instead, origin } = verdict;
  const owner = path[0] === 'services' ? String(path[1]) : `the ${field.split('.')[0]} ${String(path[1])}`;
  return (
    <li className={classes.field}>
      <StateMark look={looks[verdict.verdict]} />
      <span>
        <code>{field.slice(field.indexOf('.') + 1)}</code> of {owner}
      </span>
      {reason !== undefined && (
        <span className={classes.reason}>
          <Quoted text={reason} />
        </span>
      )}
      {instead !== undefined && (
        <span className={classes.reason}>
          Instead: <Quoted text={instead} />
        </span>
      )}
      {origin !== undefined && (
        <button type="button" className={classes.place} onClick={() => onGo(origin)}>
          {origin.file.split('/').at(-1)}, line {origin.line}, column {origin.column}
        </button>
      )}
    </li>
  );
}
