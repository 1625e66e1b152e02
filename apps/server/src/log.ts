import { type Logger, pino } from 'pino';

export type Log = Logger;

/** JSON lines, on standard error or into a file. What could hold a credential is blanked wherever it may turn up. */
export function createLog(level: string, file?: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ['*.password', '*.token', '*.authorization', 'headers.authorization'], censor: '***' },
    },
    pino.destination(
      file === undefined ? { fd: 2, sync: true } : { dest: file, append: true, mode: 0o600, sync: true },
    ),
  );
}
