import { UnreachableError } from '../../client/api-error.ts';
import type { Invocation } from '../../command/command.ts';
import { parseSeconds } from '../../command/duration.ts';
import { UsageError } from '../../command/errors.ts';
import { quote } from '../../command/quote.ts';
import type { Context } from '../../context.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import { LogPrefix } from './log-prefix.ts';
import type { logsSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof logsSpec.flags>): Promise<number> {
  const tail = parseTail(flags.tail);
  const since = parseTime(context, '--since', flags.since);
  const until = parseTime(context, '--until', flags.until);
  const name = await resolveStackName(context);
  const { client } = await context.connect();
  const prefix = new LogPrefix(name, context.paint);
  let last: string | undefined;
  for (;;) {
    try {
      const lines = await client.containers.stackLogs({
        name,
        follow: flags.follow,
        timestamps: flags.timestamps || context.global.json,
        ...(args.length === 0 ? {} : { services: [...args] }),
        ...(last === undefined && tail !== undefined ? { tail } : {}),
        ...((last ?? since) === undefined ? {} : { since: last ?? since }),
        ...(until === undefined ? {} : { until }),
      });
      for await (const line of lines) {
        last = line.at ?? last;
        if (context.global.json) context.printJson(line);
        else if (line.stream === 'notice') context.say(`warning: ${line.text}`);
        else
          context.print(
            `${flags.noLogPrefix ? '' : prefix.of(line)}${flags.timestamps && line.at !== undefined ? `${context.paint('dim', line.at)} ` : ''}${line.text}`,
          );
      }
      return 0;
    } catch (error) {
      // A server that restarts while it is followed: go on after the last line whose time is known.
      if (!(error instanceof UnreachableError) || !flags.follow || last === undefined) throw error;
      context.say('The server went away; waiting for it…');
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

function parseTail(text: string | undefined): number | undefined {
  if (text === undefined || text === 'all') return undefined;
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`logs: --tail wants a number or all, not ${quote(text)}.`, 'logs');
  return Number(text);
}

/** A moment as RFC 3339, from that or from how long ago. */
function parseTime(context: Context, flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ago = parseSeconds(text);
  if (ago !== undefined && /[a-z]$/.test(text)) return new Date(context.now() - ago * 1000).toISOString();
  const at = /^\d{9,}(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(at))
    throw new UsageError(`logs: ${flag} wants a time such as 2026-01-31T13:00:00Z or 10m, not ${quote(text)}.`, 'logs');
  return new Date(at).toISOString();
}
