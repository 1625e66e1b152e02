import { TextInput } from '@mantine/core';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useCommands } from '../../app/command/use-commands.ts';
import classes from './host.module.css';

/** A field that narrows a list by letters, reached by `/`. */
export function useFilter(label: string): {
  readonly field: ReactNode;
  /** What was typed, without capitals and outer spaces. */
  readonly letters: string;
  readonly matches: (...texts: (string | undefined)[]) => boolean;
} {
  const [query, setQuery] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useCommands(
    useMemo(
      () => [
        {
          id: `filter ${label}`,
          group: label,
          words: `Filter ${label.toLowerCase()}`,
          keys: '/',
          run: () => input.current?.focus(),
        },
      ],
      [label],
    ),
  );
  const letters = query.trim().toLowerCase();
  return {
    field: (
      <TextInput
        ref={input}
        className={classes.filter ?? ''}
        placeholder="Filter (press /)"
        aria-label={`Filter ${label.toLowerCase()}`}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && setQuery('')}
      />
    ),
    letters,
    matches: (...texts) => letters === '' || texts.some((text) => text?.toLowerCase().includes(letters)),
  };
}
