import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { countWords } from '../words/count.ts';
import type { LogLines } from './log-lines.ts';
import { LogRowView, type RowLook } from './log-row-view.tsx';
import classes from './log-view.module.css';

/** The height of a row in pixels; the style sheet says the same. */
const rowHeight = 20;
/** Rows drawn above and below what is on show. */
const margin = 12;

type Props = {
  readonly lines: LogLines;
  /** Grows whenever `lines` has changed. */
  readonly version: number;
  readonly look: RowLook;
  readonly wrap: boolean;
  readonly empty: ReactNode;
};

/**
 * The lines on screen: only the rows in view are drawn, whatever their number. Stays at the newest line until its reader scrolls
 * up, and then holds still, also while old lines are dropped above.
 */
export function LogView({ lines, version, look, wrap, empty }: Props): ReactNode {
  const scroller = useRef<HTMLElement>(null);
  const ruler = useRef<HTMLSpanElement>(null);
  const [view, setView] = useState({ top: 0, height: 600, width: 0 });
  const [following, setFollowing] = useState(true);
  const lastFirstRow = useRef(0);
  const [seenLines, setSeenLines] = useState(0);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() =>
      setView((old) => ({ ...old, height: element.clientHeight, width: element.clientWidth })),
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  const characterWidth = (ruler.current?.getBoundingClientRect().width ?? 72) / 10;
  const before = (look.timestamps ? 13 : 0) + look.labelWidth;
  const columns = Math.floor((view.width - 24) / characterWidth) - before;
  lines.setColumns(wrap && view.width > 0 ? columns : Number.POSITIVE_INFINITY);
  const { firstRow, endRow } = lines;
  const height = (endRow - firstRow) * rowHeight;

  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what moves lines under the reader
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const gone = firstRow - lastFirstRow.current;
    lastFirstRow.current = firstRow;
    if (following) element.scrollTop = element.scrollHeight;
    else if (gone > 0) element.scrollTop -= gone * rowHeight;
  }, [version, height, following, firstRow, view.height]);

  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - rowHeight;
    if (following && !atEnd) setSeenLines(lines.size + lines.dropped);
    setFollowing(atEnd);
    setView((old) => ({ ...old, top: element.scrollTop }));
  };

  // A filter may have left less than was scrolled over; the place that the browser will scroll to is drawn at once.
  const top = Math.max(0, following ? height - view.height : Math.min(view.top, height - view.height));
  const from = firstRow + Math.max(0, Math.floor(top / rowHeight) - margin);
  const to = Math.min(endRow, firstRow + Math.ceil((top + view.height) / rowHeight) + margin);
  const rows: ReactNode[] = [];
  for (let number = from; number < to; number++) {
    const row = lines.row(number);
    if (row !== undefined)
      rows.push(<LogRowView key={number} row={row} top={(number - firstRow) * rowHeight} look={look} />);
  }
  const unseen = lines.size + lines.dropped - seenLines;

  return (
    <div className={classes.stage}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus it could not be scrolled by keys */}
      <section ref={scroller} className={classes.lines} onScroll={onScroll} tabIndex={0} aria-label="Log lines">
        <span ref={ruler} className={classes.ruler} aria-hidden>
          0123456789
        </span>
        {endRow === firstRow && <div className={classes.empty}>{empty}</div>}
        <div className={classes.sheet} style={{ height, width: wrap ? '100%' : 'max-content' }}>
          {rows}
        </div>
      </section>
      {!following && (
        <Button className={classes.jump ?? ''} variant="filled" onClick={() => setFollowing(true)}>
          {unseen > 0 ? `${countWords(unseen, 'new line')} ↓` : 'To the newest ↓'}
        </Button>
      )}
    </div>
  );
}
