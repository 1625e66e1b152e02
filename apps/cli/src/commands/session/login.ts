import { parseServerUrl } from '../../client/endpoint.ts';
import { readLogins, writeLogins } from '../../client/logins.ts';
import { isLoopback } from '../../client/loopback.ts';
import type { Invocation } from '../../command/command.ts';
import { CommandError } from '../../command/errors.ts';
import type { Context } from '../../context.ts';
import { readSecret } from '../../terminal/prompt.ts';
import { printLink } from './link.ts';
import type { loginSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof loginSpec.flags>): Promise<number> {
  if (flags.link) {
    await printLink(context);
    return 0;
  }
  const { environment, home, terminal } = context;
  const given = args[0] ?? context.global.server ?? environment.DROVER_URL ?? 'http://127.0.0.1:8420';
  const url = parseServerUrl(withoutCode(given));
  const code = codeOf(given);
  const [{ HttpLink }, { createClient }] = await Promise.all([
    import('../../client/link.ts'),
    import('../../client/client.ts'),
  ]);
  const token =
    code === undefined
      ? (await readSecret(terminal, `Token for ${url.origin}`)).trim()
      : (await withLink(HttpLink, url, undefined, async (link) => createClient(link).session.exchange({ code }))).token;
  if (!/^[\x21-\x7e]+$/.test(token)) throw new CommandError('signing in: that is no token');
  const { name } = await withLink(HttpLink, url, token, async (link) => createClient(link).session.whoami());
  if (url.protocol === 'http:' && !isLoopback(url))
    context.say(`Mind that ${url.origin} is not encrypted: whoever listens on the way can read the token.`);
  const logins = await readLogins(environment, home);
  await writeLogins(environment, home, { current: url.href, tokens: new Map(logins.tokens).set(url.href, token) });
  if (context.global.json) context.printJson({ url: url.href, name });
  else context.print(`Signed in to ${url.origin} as ${name}.`);
  return 0;
}

type Link = import('../../client/link.ts').HttpLink;
type LinkClass = typeof import('../../client/link.ts').HttpLink;

async function withLink<Result>(
  linkClass: LinkClass,
  url: URL,
  token: string | undefined,
  work: (link: Link) => Promise<Result>,
): Promise<Result> {
  const link = await linkClass.open({ url, token });
  try {
    return await work(link);
  } finally {
    link.close();
  }
}

/** The one-time code of a sign-in link, which stands behind `#` so that it reaches no server's log. */
function codeOf(text: string): string | undefined {
  return /#\/sign-in\/([\w-]+)/.exec(text)?.[1];
}

/** A sign-in link's path belongs to the UI. */
function withoutCode(text: string): string {
  const at = text.indexOf('#');
  return at === -1 ? text : new URL('/', parseServerUrl(text.slice(0, at))).href;
}
