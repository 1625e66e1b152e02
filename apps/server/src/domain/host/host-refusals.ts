import type { Refusal } from '@drover/tunnel';

/** What an agent is told that gets no tunnel, or loses the one it has. */
export const hostRefusals = {
  unknown: { reason: 'unknown-host', message: 'this server knows no such host: join it again with drover host add' },
  removed: { reason: 'removed', message: 'this host was removed from the server: join it again with drover host add' },
  otherKey: {
    reason: 'other-key',
    message: 'another machine has taken the place of this host: join it again with drover host add',
  },
  clone: {
    reason: 'cloned-identity',
    message:
      'another machine that answers uses the identity of this host already. If this machine is a copy of it, remove the data folder of the agent here and join it as a host of its own',
  },
  busy: { reason: 'busy', message: 'another connection of this host is being made; dial again' },
  superseded: { reason: 'superseded', message: 'the host has dialled in anew' },
  stopping: { reason: 'stopping', message: 'the server stops; dial again' },
} as const satisfies Readonly<Record<string, Refusal>>;
