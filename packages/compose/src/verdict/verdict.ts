/** What a target does with one field. The words are those of docs/nomenclature.md. */
export type Verdict = 'honoured' | 'emulated' | 'ignored' | 'refused';

/** What a stack is brought about on: exactly one Docker Engine, or a Swarm. */
export type Target = 'engine' | 'swarm';

export const targets: readonly Target[] = ['engine', 'swarm'];

/** What is left out when a refused field is accepted: the key itself, or the list's item that it stands in. */
export type LeftOut = 'key' | 'item';

/**
 * A verdict with its reason: how it is emulated, why it is harmless that it is ignored, why it is refused. What is honoured needs none.
 */
export type Judgement =
  | { readonly verdict: 'honoured'; readonly reason?: string }
  | {
      readonly verdict: 'emulated';
      readonly reason: string;
      /** The whole service runs as a container pinned to one host. */
      readonly pins?: true;
    }
  | { readonly verdict: 'ignored'; readonly reason: string }
  | {
      readonly verdict: 'refused';
      readonly reason: string;
      /** What to write instead, in the imperative. */
      readonly instead: string;
      /** Absent: it cannot be accepted, since without it nothing sensible is left. */
      readonly leftOut?: LeftOut;
    };

export const honoured: Judgement = { verdict: 'honoured' };

/** Honoured, with a remark on how. */
export function honouredAs(reason: string): Judgement {
  return { verdict: 'honoured', reason };
}

export function emulated(how: string): Judgement {
  return { verdict: 'emulated', reason: how };
}

/** Emulated by running the service as a container that is pinned to one host; `reason` says why Swarm cannot run it as tasks. */
export function pins(reason: string): Judgement {
  return {
    verdict: 'emulated',
    reason: `${reason}, so the service runs as a container pinned to one host, on the stack’s networks`,
    pins: true,
  };
}

export function ignored(why: string): Judgement {
  return { verdict: 'ignored', reason: why };
}

export function refused(why: string, instead: string, leftOut: LeftOut = 'key'): Judgement {
  return { verdict: 'refused', reason: why, instead, leftOut };
}

/** Refused, and not to be accepted either. */
export function refusedForGood(why: string, instead: string): Judgement {
  return { verdict: 'refused', reason: why, instead };
}
