import { messageOf } from '@drover/base';
import { EngineError, isAway } from '@drover/engine';
import type { Failure } from '../model/progress.ts';
import { StepFailure } from './step-failure.ts';

/** What the engine says, and what it means to the one who reads it. */
const meanings: readonly (readonly [pattern: RegExp, meaning: (match: RegExpExecArray) => string])[] = [
  [
    /(?:Bind for|listen \w+) (\S+?):(\d+)\b.*(?:port is already allocated|address already in use)/s,
    ([, address, port]) =>
      `port ${port} of the host${isEvery(address ?? '') ? '' : ` (${address})`} is taken by something else`,
  ],
  [/port is already allocated|address already in use/, () => 'a port of the host is taken by something else'],
  [/no space left on device/, () => 'the disk of the host is full'],
  [/bind source path does not exist: (.+)/, ([, path]) => `the path ${path} does not exist on the host`],
  [
    /exec: "([^"]+)": (?:executable file not found|stat .+: no such file or directory)/,
    ([, program]) => `the image has no program ${program}`,
  ],
  [
    /container rootfs is marked read-only/,
    () => 'its file system is read-only, so secrets and configs cannot be put into it',
  ],
];

/** The failure's kind and sentence. */
export function explain(thrown: unknown): { readonly reason: Failure['reason']; readonly message: string } {
  if (thrown instanceof StepFailure) return { reason: thrown.reason, message: thrown.message };
  if (!(thrown instanceof EngineError)) return { reason: 'engine', message: messageOf(thrown) };
  const reason = isAway(thrown) ? 'unreachable' : 'engine';
  return { reason, message: `${thrown.doing}: ${meaningOf(thrown.reason)}` };
}

/** What an engine's own words mean to the one who reads them; the words themselves where nothing better is known. */
export function meaningOf(words: string): string {
  for (const [pattern, meaning] of meanings) {
    const match = pattern.exec(words);
    if (match !== null) return meaning(match);
  }
  return words;
}

/** Whether two starts at once reached for the same free port of a range, so that another try finds another. */
export function isPortRace(thrown: unknown): boolean {
  return thrown instanceof EngineError && /port is already allocated|address already in use/.test(thrown.reason);
}

function isEvery(address: string): boolean {
  return address === '0.0.0.0' || address === '[::]' || address === '::';
}
