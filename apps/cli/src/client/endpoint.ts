import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../command/errors.ts';
import { quote } from '../command/quote.ts';
import type { Endpoint } from './link.ts';
import { readLogins } from './logins.ts';
import { isLoopback } from './loopback.ts';

type Variables = Readonly<Record<string, string | undefined>>;

export interface FoundEndpoint extends Endpoint {
  /** What is wrong if the server does not accept this token, or why there is none; a sentence that says what to do. */
  readonly tokenProblem: string;
}

/** The data folder of a Drover on this machine. */
export function dataFolder(environment: Variables, home: string, isRoot: boolean): string {
  return environment.DROVER_DATA || (isRoot ? '/var/lib/drover' : join(home, '.local', 'share', 'drover'));
}

/**
 * Which server to talk to: `--server` or DROVER_URL, else the saved login, else the Drover of this machine with its admin
 * token. DROVER_TOKEN goes before every other token.
 */
export async function findEndpoint(options: {
  readonly server: string | undefined;
  readonly environment: Variables;
  readonly home: string;
  readonly isRoot: boolean;
}): Promise<FoundEndpoint> {
  const { environment, home } = options;
  const logins = await readLogins(environment, home);
  const given = options.server ?? (environment.DROVER_URL || undefined);
  const local = localUrl(environment.DROVER_LISTEN);
  const url = parseServerUrl(given ?? logins.current ?? local);
  if (environment.DROVER_TOKEN)
    return {
      url,
      token: environment.DROVER_TOKEN,
      tokenProblem: `${url.origin} does not accept the token in DROVER_TOKEN`,
    };
  const saved = logins.tokens.get(url.href);
  if (saved !== undefined)
    return {
      url,
      token: saved,
      tokenProblem: `${url.origin} does not accept the saved token any more: run drover login ${url.origin}`,
    };
  if (!isLoopback(url))
    return {
      url,
      token: undefined,
      tokenProblem: `you are not signed in to ${url.origin}: run drover login ${url.origin}`,
    };
  const file = join(dataFolder(environment, home, options.isRoot), 'admin-token');
  try {
    return {
      url,
      token: (await readFile(file, 'utf8')).trim(),
      tokenProblem: `${url.origin} does not accept the token in ${file}: it runs with another data folder; set DROVER_DATA to that, or sign in with drover login ${url.origin}`,
    };
  } catch (error) {
    return { url, token: undefined, tokenProblem: tokenFileProblem(file, error as NodeJS.ErrnoException, url) };
  }
}

/** A server's address, as given by a user. Throws `UsageError`. */
export function parseServerUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  } catch {
    throw new UsageError(`the server's address ${quote(text)} is no URL; it looks like http://127.0.0.1:8420.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UsageError(`the server's address must begin with http:// or https://, not ${quote(url.protocol)}.`);
  if (url.username !== '' || url.password !== '')
    throw new UsageError(`the server's address must hold no user name or password; give the token in DROVER_TOKEN.`);
  url.hash = '';
  url.search = '';
  return url;
}

/** The address at which a server that listens there is reached from this machine. */
export function localUrl(listen: string | undefined): string {
  const [, host = '127.0.0.1', port = '8420'] = /^(\[[^\]]+\]|[^:]*):(\d+)$/.exec(listen ?? '') ?? [];
  return `http://${host === '' || host === '0.0.0.0' || host === '[::]' ? '127.0.0.1' : host}:${port}`;
}

function tokenFileProblem(file: string, error: NodeJS.ErrnoException, url: URL): string {
  if (error.code === 'EACCES')
    return `only its owner can read the token of this machine's Drover, ${file}: run this as that user, or sign in with drover login ${url.origin}`;
  return `there is no token for ${url.origin}: set DROVER_DATA to the server's data folder (${file} is missing), or sign in with drover login ${url.origin}`;
}
