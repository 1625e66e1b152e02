import { type Command, type CommandSpec, commandGroups } from '../command/command.ts';
import { exitCodeMeanings, exitCodes } from '../command/exit-codes.ts';
import { type Flag, type Flags, flagSpelling } from '../command/flag.ts';
import { globalFlags } from '../command/global-flags.ts';
import { argumentsText } from '../command/parse.ts';
import type { Context } from '../context.ts';
import { pad } from '../terminal/width.ts';

/** Prints the help of one command, or the list of all. Resolves with exit code 0. */
export function printHelp(context: Context, spec: CommandSpec | undefined, commands: readonly Command[]): number {
  const bold = (text: string): string => context.paint('bold', text);
  const lines = spec === undefined ? overview(commands, bold) : commandHelp(spec, bold);
  for (const line of lines) context.print(line);
  return 0;
}

/** All commands with their summaries, by group. */
export function overview(commands: readonly Command[], bold: (text: string) => string): string[] {
  const visible = commands.filter(({ spec }) => !spec.hidden);
  const widest = Math.max(...visible.map(({ spec }) => spec.name.length));
  return [
    'Drover deploys Compose applications on Docker, and says beforehand what it will do.',
    '',
    `${bold('Usage:')} drover [FLAGS] COMMAND [FLAGS] [ARGUMENTS]`,
    ...commandGroups.flatMap((group) => [
      '',
      bold(group),
      ...visible
        .filter(({ spec }) => spec.group === group)
        .map(({ spec }) => `  ${pad(spec.name, widest)}  ${spec.summary}`),
    ]),
    '',
    bold('Flags of every command'),
    ...flagLines(globalFlags),
    '',
    'drover COMMAND --help has details and examples.',
  ];
}

/** One command: what it does, its flags, examples and exit codes. */
export function commandHelp(spec: CommandSpec, bold: (text: string) => string): string[] {
  const hasFlags = Object.values(spec.flags).some(({ hidden }: Flag) => !hidden);
  return [
    `${spec.summary}.`,
    ...(spec.describe === undefined ? [] : ['', ...spec.describe.split('\n')]),
    '',
    `${bold('Usage:')} ${usage(spec)}`,
    ...(hasFlags ? ['', bold('Flags'), ...flagLines(spec.flags)] : []),
    ...(spec.examples.length > 0 ? ['', bold('Examples'), ...exampleLines(spec)] : []),
    ...(spec.exits === undefined
      ? []
      : [
          '',
          bold('Exit codes'),
          ...Object.entries(spec.exits).map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}`),
        ]),
    '',
    bold('Flags of every command'),
    ...flagLines(globalFlags),
  ];
}

/** `drover up [FLAGS] [SERVICE…]`. */
export function usage(spec: CommandSpec): string {
  const flags = Object.keys(spec.flags).length > 0 ? ' [FLAGS]' : '';
  return `drover ${spec.name}${flags} ${argumentsText(spec)}`.trimEnd();
}

/** The general exit codes with their meanings. */
export function exitCodeRows(): [string, string][] {
  return Object.entries(exitCodes).map(([name, code]) => [
    String(code),
    exitCodeMeanings[name as keyof typeof exitCodes],
  ]);
}

/** `-f, --file FILE`. */
export function flagSynopsis(name: string, flag: Flag): string {
  const long = flagSpelling(name) + (flag.kind === 'switch' ? '' : ` ${flag.value}`);
  return flag.short === undefined ? `    ${long}` : `-${flag.short}, ${long}`;
}

function flagLines(flags: Flags): string[] {
  const rows = Object.entries(flags)
    .filter(([, flag]) => !flag.hidden)
    .map(([name, flag]) => [flagSynopsis(name, flag), flag.describe] as const);
  const widest = Math.max(...rows.map(([synopsis]) => synopsis.length));
  return rows.map(([synopsis, describe]) => `  ${pad(synopsis, widest)}  ${describe}`);
}

function exampleLines(spec: CommandSpec): string[] {
  const widest = Math.max(...spec.examples.map(({ line }) => line.length));
  return spec.examples.map(({ line, what }) => `  ${pad(line, widest)}  ${what}`.trimEnd());
}
