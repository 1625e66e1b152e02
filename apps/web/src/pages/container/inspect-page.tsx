import { Button, TextInput } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { notifyDone } from '../../ui/notify.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useContainer } from './container-layout.tsx';
import classes from './inspect-page.module.css';

/** What the engine says of a container, as a tree that can be searched and copied. */
export function InspectPage(): ReactNode {
  const { id } = useParams({ from: '/containers/$id' });
  const { data } = useContainer(id);
  const [query, setQuery] = useState('');
  const shown = useMemo(
    () => (query === '' ? data?.inspect : prune(data?.inspect, query.toLowerCase())),
    [data?.inspect, query],
  );
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(JSON.stringify(data?.inspect, null, 2));
    notifyDone('Copied as JSON');
  };
  return (
    <>
      <div className={classes.bar}>
        <TextInput
          placeholder="Search keys and values"
          aria-label="Search keys and values"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          w="18rem"
        />
        <Button onClick={() => void copy()} disabled={data === undefined}>
          Copy JSON
        </Button>
      </div>
      <div className={classes.tree}>
        {data === undefined && <Skeleton width="20rem" height="12rem" />}
        {data !== undefined && shown === undefined && 'Nothing has these letters.'}
        {shown !== undefined &&
          Object.entries(shown as Record<string, unknown>).map(([key, value]) => (
            <Node key={key} name={key} value={value} depth={query === '' ? 0 : -8} />
          ))}
      </div>
    </>
  );
}

function Node({
  name,
  value,
  depth,
}: {
  readonly name: string;
  readonly value: unknown;
  readonly depth: number;
}): ReactNode {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return (
      <div className={classes.leaf}>
        <span className={classes.key}>{name}</span> {JSON.stringify(value)}
      </div>
    );
  const entries = Object.entries(value);
  return (
    <details open={depth < 0 || entries.length <= 4}>
      <summary>
        <span className={classes.key}>{name}</span>{' '}
        <span className={classes.size}>{Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`}</span>
      </summary>
      {entries.map(([key, child]) => (
        <Node key={key} name={key} value={child} depth={depth + 1} />
      ))}
    </details>
  );
}

/** What is left of a value when only keys and values with these letters stay; `undefined` for nothing. */
function prune(value: unknown, letters: string): unknown {
  if (typeof value !== 'object' || value === null)
    return String(value).toLowerCase().includes(letters) ? value : undefined;
  const kept = Object.entries(value).flatMap(([key, child]) => {
    const found = key.toLowerCase().includes(letters) ? child : prune(child, letters);
    return found === undefined ? [] : [[key, found] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
