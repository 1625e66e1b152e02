import { chosenEnvironment } from './client/chosen-environment.ts';
import { type FoundEndpoint, findEndpoint } from './client/endpoint.ts';
import type { HttpLink } from './client/link.ts';
import type { GlobalValues } from './command/global-flags.ts';
import { parseCommandLine } from './command/parse.ts';
import { commands } from './commands/table.ts';
import type { Connection, Context } from './context.ts';
import { reportError } from './report.ts';
import { choosePaint } from './terminal/style.ts';

/** What a context is made of, apart from the command line. */
export type ContextParts = Pick<
  Context,
  'environment' | 'directory' | 'home' | 'isRoot' | 'installFolder' | 'terminal' | 'now' | 'onInterrupt'
>;

/** Parses and runs one command line and resolves with its exit code. What goes wrong for the user's reasons is printed, not thrown. */
export async function runCommandLine(argv: readonly string[], parts: ContextParts): Promise<number> {
  let link: HttpLink | undefined;
  let endpoint: FoundEndpoint | undefined;
  // Until the line is parsed, an error is shown as these ask for it.
  let global: GlobalValues | undefined;
  try {
    const parsed = parseCommandLine(argv, commands);
    global = parsed.global;
    const context = makeContext(parts, global, async (environment) => {
      const [{ HttpLink }, { createClient }] = await Promise.all([
        import('./client/link.ts'),
        import('./client/client.ts'),
      ]);
      endpoint = await findEndpoint({ ...parts, server: parsed.global.server });
      link = await HttpLink.open(endpoint, environment);
      return { link, client: createClient(link) };
    });
    if (parsed.version) return await (await import('./commands/system/version.ts')).run(context);
    if (parsed.command === undefined || global.help) {
      const { printHelp } = await import('./help/help.ts');
      return printHelp(context, parsed.command?.spec, commands);
    }
    const module = await parsed.command.load();
    return await module.run(context, parsed.invocation);
  } catch (error) {
    return reportError(error, { ...parts, global, endpoint, json: global?.json ?? argv.includes('--json') });
  } finally {
    link?.close();
  }
}

function makeContext(
  parts: ContextParts,
  global: GlobalValues,
  open: (environment: string | undefined) => Promise<Connection>,
): Context {
  let connection: Promise<Connection> | undefined;
  return {
    ...parts,
    terminal: parts.terminal,
    global,
    commands,
    paint: choosePaint(parts.terminal.stdout, global.color, parts.environment),
    errorPaint: choosePaint(parts.terminal.stderr, global.color, parts.environment),
    async connect(environment) {
      connection ??= open(chosenEnvironment(environment ?? global.environment, parts.environment));
      return await connection;
    },
    print: (line) => void parts.terminal.stdout.write(`${line}\n`),
    printJson: (value) => void parts.terminal.stdout.write(`${JSON.stringify(value)}\n`),
    say: (line) => void parts.terminal.stderr.write(`${line}\n`),
  };
}
