import type { CSSProperties, ReactNode } from 'react';
import type { AnsiStyle } from './ansi.ts';
import { clockWords } from './clock-words.ts';
import type { LogRow } from './log-lines.ts';
import { type LogSearch, matchesIn } from './log-search.ts';
import classes from './log-view.module.css';
import { rowPieces } from './row-pieces.ts';

export type RowLook = {
  readonly search: LogSearch;
  readonly timestamps: boolean;
  /** Characters for the label before the text; 0 for none. */
  readonly labelWidth: number;
};

/** One row of a log. */
export function LogRowView({
  row,
  top,
  look,
}: {
  readonly row: LogRow;
  readonly top: number;
  readonly look: RowLook;
}): ReactNode {
  const { entry, first } = row;
  return (
    <div className={classes.row} data-stream={entry.stream} style={{ transform: `translateY(${top}px)` }}>
      {look.timestamps && (
        <span className={classes.time} style={{ width: '13ch' }} title={entry.at}>
          {first && entry.at !== undefined ? clockWords(entry.at) : ''}
        </span>
      )}
      {look.labelWidth > 0 && (
        <span className={classes.label} style={{ width: `${look.labelWidth}ch` }}>
          {first ? entry.label : ''}
        </span>
      )}
      <span>
        {rowPieces(row, matchesIn(entry.plain, look.search)).map(({ key, text, style, marked }) =>
          marked ? (
            <mark key={key} style={cssOf(style)}>
              {text}
            </mark>
          ) : (
            <span key={key} style={cssOf(style)}>
              {text}
            </span>
          ),
        )}
      </span>
    </div>
  );
}

function cssOf(style: AnsiStyle): CSSProperties | undefined {
  const { foreground, background, bold, dim, italic, underline, inverse } = style;
  if (Object.keys(style).length === 0) return undefined;
  const front = inverse ? (colourOf(background) ?? 'var(--surface)') : colourOf(foreground);
  const back = inverse ? (colourOf(foreground) ?? 'var(--ink)') : colourOf(background);
  return {
    ...(front === undefined ? {} : { color: front }),
    ...(back === undefined ? {} : { backgroundColor: back }),
    ...(bold ? { fontWeight: 650 } : {}),
    ...(dim ? { opacity: 0.7 } : {}),
    ...(italic ? { fontStyle: 'italic' } : {}),
    ...(underline ? { textDecoration: 'underline' } : {}),
  };
}

const colourOf = (colour: string | undefined): string | undefined =>
  colour === undefined || colour.startsWith('#') ? colour : `var(--palette-${colour})`;
