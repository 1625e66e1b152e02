/** How the program ends. */
export const exitCodes = {
  /** Done, or stopped when it was told to. */
  ok: 0,
  /** Something else failed. */
  failure: 1,
  /** The server does not answer, or `status`: this machine is not joined or not connected. */
  unreachable: 3,
  /** The other end is not the server that the fingerprint names. */
  'wrong-server': 4,
  /** The server said no, such as to the token. */
  refused: 5,
  /** The data folder or a file in it cannot be used. */
  'data-folder': 6,
  /** This machine's clock is so wrong that no certificate holds. */
  clock: 7,
  /** The command line or a setting is wrong. */
  usage: 64,
} as const;

export type ExitName = keyof typeof exitCodes;
