import type { Service } from '@drover/compose';

export interface SecurityOptions {
  readonly options: readonly string[] | undefined;
  /** `systempaths=unconfined`: nothing of /proc and /sys is masked or read-only. */
  readonly unconfinedPaths: boolean;
}

/** The security options, with a seccomp profile's text in the place of its path. */
export function securityOptions(service: Service, files: ReadonlyMap<string, string>): SecurityOptions {
  const options = service.security_opt ?? [];
  const kept = options.filter((option) => option !== 'systempaths=unconfined');
  return {
    options: service.security_opt === undefined ? undefined : kept.map((option) => withProfile(option, files)),
    unconfinedPaths: kept.length < options.length,
  };
}

/** The path of a seccomp profile that an option names, if it names one. */
export function seccompProfilePath(option: string): string | undefined {
  const path = /^seccomp[=:](.+)$/s.exec(option)?.[1];
  return path === undefined || path === 'unconfined' || path === 'builtin' || path.startsWith('{') ? undefined : path;
}

function withProfile(option: string, files: ReadonlyMap<string, string>): string {
  const path = seccompProfilePath(option);
  const text = path === undefined ? undefined : files.get(path);
  return text === undefined ? option : `seccomp=${compact(text)}`;
}

function compact(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}
