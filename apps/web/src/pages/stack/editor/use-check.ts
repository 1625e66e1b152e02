import { useEffect, useRef, useState } from 'react';
import type { CheckRequest, CheckResult } from './check.ts';
import type { CheckAnswer, CheckMessage } from './check.worker.ts';

/** Typing pauses this long before its result is checked, in milliseconds. */
const pause = 120;

export type Checked = { readonly request: CheckRequest; readonly result: CheckResult };

/** What is wrong with the source, found beside the page in a worker; `undefined` until the first answer. */
export function useCheck(request: CheckRequest): Checked | undefined {
  const worker = useRef<Worker>(undefined);
  const asked = useRef(new Map<number, CheckRequest>());
  const lastId = useRef(0);
  const [checked, setChecked] = useState<Checked>();

  useEffect(() => {
    const made = new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module' });
    worker.current = made;
    made.addEventListener('message', ({ data: { id, result } }: MessageEvent<CheckAnswer>) => {
      const answered = asked.current.get(id);
      if (answered === undefined) return;
      for (const older of asked.current.keys()) if (older <= id) asked.current.delete(older);
      setChecked({ request: answered, result });
    });
    return () => made.terminate();
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => {
      lastId.current += 1;
      asked.current.set(lastId.current, request);
      worker.current?.postMessage({ id: lastId.current, request } satisfies CheckMessage);
    }, pause);
    return () => clearTimeout(timer);
  }, [request]);
  return checked;
}
