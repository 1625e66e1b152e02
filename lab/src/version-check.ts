import { LabError } from './errors.ts';

/** Throws unless a `--version` line tells of exactly the expected version; what Debian appends (`+dfsg1`, `-3`) does not count. */
export function expectVersion(what: string, expected: string, said: string): void {
  const found = /\d+(?:\.\d+)+/.exec(said)?.[0];
  if (found === expected) return;
  throw new LabError(
    `checking the version of ${what}: ${expected} is expected and ${found ?? 'nothing recognisable'} was found; ` +
      'the distribution has moved on, so the table in lab/src/engines.ts and what depends on it need a look',
  );
}
