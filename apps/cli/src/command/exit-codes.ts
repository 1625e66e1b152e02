/** How the program ends. `exec` and `run` end with the remote command's own code once it has started. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  changes: 2,
  unreachable: 3,
  unauthorized: 4,
  refused: 5,
  usage: 64,
  cancelled: 130,
} as const;

export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done; for `plan`: nothing would change',
  failure: 'it failed: a deployment, a Compose file, the engine',
  changes: '`plan` only: a deploy would change something',
  unreachable: 'no Drover server answers',
  unauthorized: 'not signed in, or not allowed',
  refused: '`check` only: the target refuses a field, or with `--strict` leaves one out',
  usage: 'the command line is wrong',
  cancelled: 'cancelled with Ctrl-C, or a question answered with no',
};
