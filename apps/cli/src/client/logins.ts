import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Servers that `drover login` was told about, by address. */
export interface Logins {
  readonly current: string | undefined;
  readonly tokens: ReadonlyMap<string, string>;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Where they are kept: one JSON file that only its owner can read. */
export function loginsFile(environment: Variables, home: string): string {
  return join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'drover', 'logins.json');
}

/** The saved logins; none where there is no file or it cannot be understood. */
export async function readLogins(environment: Variables, home: string): Promise<Logins> {
  try {
    const json: unknown = JSON.parse(await readFile(loginsFile(environment, home), 'utf8'));
    const { current, tokens } = json as { current?: unknown; tokens?: unknown };
    return {
      current: typeof current === 'string' ? current : undefined,
      tokens: new Map(
        Object.entries(tokens ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
    };
  } catch {
    return { current: undefined, tokens: new Map() };
  }
}

/** Replaces the saved logins, atomically and with mode 0600 from the first byte. */
export async function writeLogins(environment: Variables, home: string, logins: Logins): Promise<void> {
  const file = loginsFile(environment, home);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify({ current: logins.current, tokens: Object.fromEntries(logins.tokens) }), {
    mode: 0o600,
  });
  await chmod(draft, 0o600);
  await rename(draft, file);
}
