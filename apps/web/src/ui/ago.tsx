import { type ReactNode, useEffect, useState } from 'react';
import { agoWords, untilWords } from '../words/duration.ts';

/** A moment as time that passed (or is to pass), kept true, with the exact moment as its title. */
export function Ago({ at }: { readonly at: string }): ReactNode {
  const moment = Date.parse(at);
  const [now, setNow] = useState(Date.now);
  const age = now - moment;
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), Math.abs(age) < 60_000 ? 5_000 : 30_000);
    return () => clearTimeout(timer);
  }, [age]);
  return (
    <time dateTime={at} title={new Date(moment).toLocaleString()}>
      {age < -5000 ? untilWords(-age) : agoWords(age)}
    </time>
  );
}
