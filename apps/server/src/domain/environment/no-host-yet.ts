import type { Dialer } from '@drover/engine';
import { Refusal } from '../refusal.ts';

/** The dialer of an environment that no host has joined: whoever wants its engine reads what to do. */
export function noHostYet(environment: string): Dialer {
  return () =>
    Promise.reject(
      new Refusal(
        'not-now',
        `no host has joined the environment ${environment} yet; \`drover host add -E ${environment}\` gives the line to run on one`,
      ),
    );
}
