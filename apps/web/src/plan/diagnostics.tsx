import type { DiagnosticView } from '@drover/contract';
import type { ReactNode } from 'react';
import { Quoted } from '../ui/quoted.tsx';
import { type StateLook, StateMark } from '../ui/state-mark.tsx';
import classes from './plan-view.module.css';

const looks: Readonly<Record<DiagnosticView['severity'], StateLook>> = {
  error: { tone: 'bad', shape: 'cross', word: 'Error' },
  warning: { tone: 'warn', shape: 'triangle', word: 'Warning' },
  info: { tone: 'idle', shape: 'ring', word: 'Note' },
};

/** Findings about Compose files, each with its place; with `onGo` the place leads there, with `onAccept` a refused field can be left out. */
export function Diagnostics({
  diagnostics,
  onGo,
  onAccept,
}: {
  readonly diagnostics: readonly DiagnosticView[];
  readonly onGo?: (diagnostic: DiagnosticView) => void;
  readonly onAccept?: (field: string) => void;
}): ReactNode {
  if (diagnostics.length === 0) return null;
  return (
    <ul className={classes.diagnostics}>
      {diagnostics.slice(0, 100).map((diagnostic, index) => {
        const { severity, message, origin, suggestion, field } = diagnostic;
        const place = origin && `${origin.file.split('/').at(-1)}, line ${origin.line}, column ${origin.column}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two findings may be the same in every word
          <li key={index} className={classes.diagnostic}>
            <StateMark look={looks[severity]} label={looks[severity].word} />
            <span>
              <Quoted text={message} />
              {suggestion !== undefined && !message.includes(suggestion) && ` Did you mean ${suggestion}?`}
            </span>
            {place !== undefined &&
              (onGo === undefined ? (
                <span className={classes.place}>{place}</span>
              ) : (
                <button type="button" className={classes.place} onClick={() => onGo(diagnostic)}>
                  {place}
                </button>
              ))}
            {field !== undefined && onAccept !== undefined && (
              <button type="button" className={classes.place} onClick={() => onAccept(field)}>
                Leave {field} out
              </button>
            )}
          </li>
        );
      })}
      {diagnostics.length > 100 && <li className={classes.place}>and {diagnostics.length - 100} more</li>}
    </ul>
  );
}
