import { type Command, type CommandSpec, commandGroups } from '../command/command.ts';
import type { Flags } from '../command/flag.ts';
import { globalFlags } from '../command/global-flags.ts';
import { exitCodeRows, flagSynopsis, usage } from './help.ts';

/** The text of docs/cli.md: every command of the table in Markdown. */
export function referencePage(commands: readonly Command[]): string {
  const visible = commands.filter(({ spec }) => !spec.hidden);
  return [
    '# The command line',
    '',
    '<!-- Generated from the table of commands: node bootstrap/run.mjs apps/cli/src/help/write-reference.ts -->',
    '',
    '`./bin/drover`, or `npx drover`. The flags of every command stand before or after the verb; where a command has a flag of the same',
    'spelling (`logs -f`), its own counts after the verb. With `--json` a command prints one JSON document on standard output, and',
    'a stream (`logs`, `events`) one a line; what went wrong is `{"error":{"reason","message"}}` there.',
    '',
    '## Flags of every command',
    '',
    ...flagTable(globalFlags),
    '',
    '## Exit codes',
    '',
    '| code | meaning |',
    '| --- | --- |',
    ...exitCodeRows().map(([code, meaning]) => `| ${code} | ${meaning} |`),
    '',
    '`exec` and `run` end with the exit code of their command once it has started, and with 125 when it could not be started.',
    '',
    '## Which server',
    '',
    '`--server` or `DROVER_URL`, else the login that `drover login` saved, else the Drover of this machine: `DROVER_LISTEN` or',
    '`http://127.0.0.1:8420`, with the admin token in `DROVER_DATA` (`/var/lib/drover`, or `~/.local/share/drover` when not root).',
    '`DROVER_TOKEN` goes before every other token.',
    '',
    '## Which environment',
    '',
    '`--environment` or `DROVER_ENVIRONMENT`, else `local`: the engine of the server. Registries, logins and backups are of the whole server,',
    'whatever environment is named.',
    ...commandGroups.flatMap((group) => [
      '',
      `## ${group}`,
      ...visible.filter(({ spec }) => spec.group === group).flatMap(({ spec }) => commandSection(spec)),
    ]),
    '',
  ].join('\n');
}

function commandSection(spec: CommandSpec): string[] {
  const hasFlags = Object.values(spec.flags).some(({ hidden }) => !hidden);
  return [
    '',
    `### drover ${spec.name}`,
    '',
    `${spec.summary}.${spec.describe === undefined ? '' : ` ${spec.describe.replaceAll('\n', ' ')}`}`,
    '',
    '```',
    usage(spec),
    '```',
    ...(hasFlags ? ['', ...flagTable(spec.flags)] : []),
    ...(spec.exits === undefined
      ? []
      : [
          '',
          `Exit codes: ${Object.entries(spec.exits)
            .map(([code, meaning]) => `\`${code}\` ${meaning}`)
            .join('; ')}.`,
        ]),
    ...(spec.examples.length === 0
      ? []
      : ['', '```sh', ...spec.examples.map(({ line, what }) => (what === '' ? line : `${line}  # ${what}`)), '```']),
  ];
}

function flagTable(flags: Flags): string[] {
  return [
    '| flag | meaning |',
    '| --- | --- |',
    ...Object.entries(flags)
      .filter(([, { hidden }]) => !hidden)
      .map(([name, flag]) => `| \`${flagSynopsis(name, flag).trim()}\` | ${flag.describe} |`),
  ];
}
