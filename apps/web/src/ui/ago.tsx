import { type ReactNode, useEffect, useState } from 'react';
import { agoWords } from '../words/duration.ts';

/** A moment as time that passed, kept true, with the exact moment as its title. */
export function Ago({ at }: { readonly at: string }): ReactNode {
  const moment = Date.parse(at);
  const [now, setNow] = useState(Date.now);
  const age = now - moment;
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), age < 60_000 ? 5_000 : 30_000);
    return () => clearTimeout(timer);
  }, [age]);
  return (
    <time dateTime={at} title={new Date(moment).toLocaleString()}>
      {agoWords(age)}
    </time>
  );
}
