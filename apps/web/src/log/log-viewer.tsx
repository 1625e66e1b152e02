import { ActionIcon, Checkbox, Menu, TextInput } from '@mantine/core';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { useCommands } from '../app/command/use-commands.ts';
import { IconDownload, IconRegex } from '../ui/icons.ts';
import { type StateLook, StateMark } from '../ui/state-mark.tsx';
import { countWords } from '../words/count.ts';
import { LogLines } from './log-lines.ts';
import { createSearch, filterOf } from './log-search.ts';
import classes from './log-view.module.css';
import { LogView } from './log-view.tsx';
import { type LogStreamState, type OpenLog, useLogStream } from './use-log-stream.ts';

const tails = [1000, 10_000, 100_000] as const;

type Props = {
  /** What the lines are of, for the name of a downloaded file. */
  readonly name: string;
  readonly open: OpenLog;
  readonly round: string;
  /** Shows who wrote each line. */
  readonly labels: boolean;
  readonly controls?: ReactNode;
};

/** A log that is followed: search, filter, timestamps, colours, and a bound on what it keeps. */
export function LogViewer({ name, open, round, labels, controls }: Props): ReactNode {
  const [lines] = useState(() => new LogLines());
  const [version, setVersion] = useState(0);
  const [tail, setTail] = useState<number>(tails[0]);
  const [query, setQuery] = useState({ text: '', regularExpression: false });
  const [timestamps, setTimestamps] = useState(false);
  const [wrap, setWrap] = useState(true);
  const field = useRef<HTMLInputElement>(null);
  const onLines = useCallback(() => setVersion((old) => old + 1), []);
  const state = useLogStream({ lines, open, tail, round, onLines });
  const search = useMemo(() => createSearch(query), [query]);

  const changeQuery = (next: typeof query): void => {
    setQuery(next);
    lines.setFilter(filterOf(createSearch(next)));
  };
  useCommands(
    useMemo(
      () => [
        { id: 'log search', group: 'Log', words: 'Search the log', keys: '/', run: () => field.current?.focus() },
        { id: 'log times', group: 'Log', words: 'Timestamps', keys: 't', run: () => setTimestamps((old) => !old) },
        { id: 'log wrap', group: 'Log', words: 'Wrap long lines', keys: 'w', run: () => setWrap((old) => !old) },
      ],
      [],
    ),
  );
  const labelWidth = useMemo(() => {
    if (!labels || version === 0) return labels ? 12 : 0;
    let widest = 0;
    for (const { label } of lines.shown()) widest = Math.max(widest, label?.length ?? 0);
    return Math.min(24, widest + 2);
  }, [labels, lines, version]);

  return (
    <div className={classes.viewer} data-fill>
      <div className={classes.bar}>
        <TextInput
          ref={field}
          className={classes.search ?? ''}
          placeholder="Search (press /)"
          aria-label="Search the log"
          value={query.text}
          error={search.kind === 'invalid' ? search.reason : undefined}
          onChange={(event) => changeQuery({ ...query, text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') changeQuery({ ...query, text: '' });
          }}
          rightSection={
            <ActionIcon
              size="1.375rem"
              variant={query.regularExpression ? 'filled' : 'subtle'}
              aria-label="Regular expression"
              aria-pressed={query.regularExpression}
              onClick={() => changeQuery({ ...query, regularExpression: !query.regularExpression })}
            >
              <IconRegex size={14} />
            </ActionIcon>
          }
        />
        <span className={classes.count} role="status">
          <StateMark look={streamLook(state)} /> {streamLook(state).word}, {linesWords(lines, search.kind !== 'all')}
        </span>
        {controls}
        <Checkbox label="Times" checked={timestamps} onChange={(event) => setTimestamps(event.currentTarget.checked)} />
        <Checkbox label="Wrap" checked={wrap} onChange={(event) => setWrap(event.currentTarget.checked)} />
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label="More of the log">
              <IconDownload size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Read from the end</Menu.Label>
            {tails.map((count) => (
              <Menu.Item key={count} onClick={() => setTail(count)} disabled={tail === count}>
                {count.toLocaleString('en')} lines
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item onClick={() => download(name, lines)}>Save what is shown</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <LogView
        lines={lines}
        version={version}
        look={{ search, timestamps, labelWidth }}
        wrap={wrap}
        empty={emptyWords(state, lines)}
      />
    </div>
  );
}

function streamLook(state: LogStreamState): StateLook {
  switch (state.kind) {
    case 'reading':
      return { tone: 'progress', shape: 'turning', word: 'Reading' };
    case 'following':
      return { tone: 'good', shape: 'disc', word: 'Following' };
    case 'ended':
      return { tone: 'idle', shape: 'square', word: 'Ended' };
    case 'reconnecting':
      return { tone: 'warn', shape: 'turning', word: 'Reconnecting' };
    case 'failed':
      return { tone: 'bad', shape: 'cross', word: state.why };
  }
}

function linesWords(lines: LogLines, filtered: boolean): string {
  const all = countWords(lines.size, 'line').replace(/\d+/, (count) => Number(count).toLocaleString('en'));
  const shown = filtered ? `${lines.shownSize.toLocaleString('en')} of ${all}` : all;
  return lines.dropped > 0 ? `${shown}; older ones were let go` : shown;
}

function emptyWords(state: LogStreamState, lines: LogLines): string {
  if (lines.size > 0) return 'No line matches.';
  if (state.kind === 'reading') return '';
  return state.kind === 'failed' ? state.why : 'Nothing was written yet.';
}

function download(name: string, lines: LogLines): void {
  const text: string[] = [];
  for (const { at, label, plain } of lines.shown())
    text.push(`${[at, label, plain].filter((part) => part !== undefined).join(' ')}\n`);
  const address = URL.createObjectURL(new Blob(text, { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name}.log`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
