import { type Command, type CommandSpec, namesOf } from '../command/command.ts';
import { type Completion, type Flag, type Flags, flagSpelling } from '../command/flag.ts';
import { globalFlags } from '../command/global-flags.ts';

export interface Candidate {
  readonly value: string;
  readonly describe: string;
}

/** What could stand in place of a word: candidates, and what only a server or the file system knows. */
export interface Completions {
  readonly candidates: readonly Candidate[];
  readonly dynamic: Completion;
  /** What stands before the value in the same word: `--file=`. */
  readonly prefix: string;
  /** The global flags as far as they were given, for questions to a server. */
  readonly projectName: string | undefined;
  readonly environment: string | undefined;
}

/** What could complete `current`, the word that follows `before` on the command line. Pure: it reads the table of commands only. */
export function complete(before: readonly string[], current: string, commands: readonly Command[]): Completions {
  const position = readPosition(before, commands);
  const { spec, family, flags, args, pending, projectName, environment } = position;
  const result = (candidates: readonly Candidate[], dynamic: Completion = 'none', prefix = ''): Completions => ({
    candidates,
    dynamic,
    prefix,
    projectName,
    environment,
  });
  if (pending !== undefined) return result(choicesOf(pending), completionOf(pending));
  if (position.verbatim) return result([], 'file');
  if (current.startsWith('--') && current.includes('=')) {
    const spelling = current.slice(0, current.indexOf('='));
    const flag = flagNamed(flags, spelling);
    return flag === undefined ? result([]) : result(choicesOf(flag), completionOf(flag), `${spelling}=`);
  }
  if (current.startsWith('-')) return result(flags.flatMap(flagCandidates));
  if (spec === undefined) return result(commandCandidates(commands, family));
  const argument = spec.args[Math.min(args, spec.args.length - 1)];
  if (argument === undefined || (args >= spec.args.length && !argument.repeated)) return result([]);
  if (spec.name === 'completion') return result(['bash', 'zsh', 'fish'].map((value) => ({ value, describe: '' })));
  if (spec.name === 'help') return result(commandCandidates(commands, undefined));
  return result([], argument.completion ?? 'none');
}

interface Position {
  spec: CommandSpec | undefined;
  /** The first of two words, such as `registry`. */
  family: string | undefined;
  flags: readonly Flags[];
  args: number;
  /** A flag whose value is to come. */
  pending: Flag | undefined;
  verbatim: boolean;
  projectName: string | undefined;
  environment: string | undefined;
}

function readPosition(words: readonly string[], commands: readonly Command[]): Position {
  const position: Position = {
    spec: undefined,
    family: undefined,
    flags: [globalFlags],
    args: 0,
    pending: undefined,
    verbatim: false,
    projectName: undefined,
    environment: undefined,
  };
  for (const word of words) {
    if (position.verbatim) continue;
    if (position.pending !== undefined) {
      if (position.pending === globalFlags.projectName) position.projectName = word;
      if (position.pending === globalFlags.environment) position.environment = word;
      position.pending = undefined;
    } else if (word.startsWith('-') && word !== '-' && word !== '--')
      position.pending = valueFlag(position.flags, word);
    else if (position.spec === undefined) enterCommand(position, word, commands);
    else {
      position.args += 1;
      position.verbatim = position.spec.verbatim === true && position.args >= position.spec.args.length;
    }
  }
  return position;
}

function enterCommand(position: Position, word: string, commands: readonly Command[]): void {
  const name = position.family === undefined ? word : `${position.family} ${word}`;
  const found = commands.find(({ spec }) => namesOf(spec).includes(name));
  if (found !== undefined) {
    position.spec = found.spec;
    position.flags = [found.spec.flags, globalFlags];
  } else if (position.family === undefined) position.family = word;
}

/** The flag that this word gives without its value. */
function valueFlag(tables: readonly Flags[], word: string): Flag | undefined {
  if (word.includes('=')) return undefined;
  const flag = word.startsWith('--') ? flagNamed(tables, word) : shortFlag(tables, word.at(-1)!);
  return flag === undefined || flag.kind === 'switch' ? undefined : flag;
}

function flagNamed(tables: readonly Flags[], spelling: string): Flag | undefined {
  for (const flags of tables)
    for (const [name, flag] of Object.entries(flags)) if (flagSpelling(name) === spelling) return flag;
  return undefined;
}

function shortFlag(tables: readonly Flags[], letter: string): Flag | undefined {
  return tables.flatMap((flags) => Object.values(flags)).find(({ short }) => short === letter);
}

function completionOf(flag: Flag): Completion {
  return 'completion' in flag ? (flag.completion ?? 'none') : 'none';
}

function choicesOf(flag: Flag): Candidate[] {
  return flag.kind === 'choice' ? flag.choices.map((value) => ({ value, describe: '' })) : [];
}

function flagCandidates(flags: Flags): Candidate[] {
  return Object.entries(flags)
    .filter(([, { hidden }]) => !hidden)
    .map(([name, flag]) => ({ value: flagSpelling(name), describe: flag.describe }));
}

function commandCandidates(commands: readonly Command[], family: string | undefined): Candidate[] {
  const found = new Map<string, string>();
  for (const { spec } of commands) {
    if (spec.hidden) continue;
    // An alias is completed once its first word stands, and not offered beside the name.
    for (const name of family === undefined ? [spec.name] : namesOf(spec)) {
      const [first, second] = name.split(' ');
      if (family === undefined) found.set(first!, second === undefined ? spec.summary : '');
      else if (first === family && second !== undefined) found.set(second, spec.summary);
    }
  }
  return [...found].map(([value, describe]) => ({ value, describe }));
}
