import { useCallback, useEffect, useRef, useState } from 'react';

/** Work that tells what it does: what was told, whether it goes on, and what ended it too early. */
export type Followed<Event> = {
  readonly events: readonly Event[];
  readonly state: 'idle' | 'running' | 'ended';
  readonly error: unknown;
  readonly start: () => void;
};

/** So many events are kept; the oldest go. */
const most = 1000;

/** Starts work when it is told to and follows it for as long as the component is on show. */
export function useFollowed<Event>(begin: (signal: AbortSignal) => Promise<AsyncIterable<unknown>>): Followed<Event> {
  const [events, setEvents] = useState<readonly Event[]>([]);
  const [state, setState] = useState<Followed<Event>['state']>('idle');
  const [error, setError] = useState<unknown>();
  const following = useRef<AbortController>(undefined);
  useEffect(() => () => following.current?.abort(), []);
  const start = useCallback((): void => {
    const stopping = new AbortController();
    following.current = stopping;
    setEvents([]);
    setError(undefined);
    setState('running');
    const follow = async (): Promise<void> => {
      try {
        for await (const event of await begin(stopping.signal))
          setEvents((old) => [...old.slice(1 - most), event as Event]);
        if (!stopping.signal.aborted) setState('ended');
      } catch (thrown) {
        if (stopping.signal.aborted) return;
        setError(thrown);
        setState('idle');
      }
    };
    void follow();
  }, [begin]);
  return { events, state, error, start };
}
