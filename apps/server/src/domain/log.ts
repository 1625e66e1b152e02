/** Where a part of the server writes what an operator may want to know. Never secrets, never request bodies. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The same log, each line with the environment that it is about. */
export function logOfEnvironment(log: Log, environment: string): Log {
  return logWith(log, { environment });
}

/** The same log, each line with the host that it is about. */
export function logOfHost(log: Log, host: string): Log {
  return logWith(log, { host });
}

function logWith(log: Log, about: object): Log {
  const tell =
    (level: keyof Log): Log['info'] =>
    (fields, message) =>
      log[level]({ ...about, ...fields }, message);
  return { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') };
}
