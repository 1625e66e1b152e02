import { type Command, type CommandSpec, type Invocation, namesOf } from './command.ts';
import { UsageError } from './errors.ts';
import { emptyValues, FlagReader } from './flag-reader.ts';
import { type GlobalValues, globalFlags } from './global-flags.ts';
import { quote } from './quote.ts';
import { didYouMean } from './suggestion.ts';

export interface ParsedLine {
  readonly command: Command | undefined;
  readonly global: GlobalValues;
  readonly invocation: Invocation;
  readonly version: boolean;
}

/** Reads a command line against the table. Throws `UsageError`: the first thing that is wrong, in one sentence. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): ParsedLine {
  const global = emptyValues(globalFlags);
  const reader = new FlagReader(argv, [[globalFlags, global]], undefined);
  let version = false;
  while (reader.more()) {
    const token = reader.peek();
    if (token === '--version' || token === '-v') {
      version = true;
      reader.skip();
    } else if (!reader.readFlag()) break;
  }
  const found = reader.more() ? findCommand(argv, reader, commands) : undefined;
  if (found === undefined)
    return {
      command: undefined,
      global: global as GlobalValues,
      invocation: { flags: {}, args: [], rest: [] },
      version,
    };
  const { spec } = found;
  const values = emptyValues(spec.flags);
  reader.enter(spec.name, [
    [spec.flags, values],
    [globalFlags, global],
  ]);
  const args: string[] = [];
  let rest: string[] = [];
  while (reader.more()) {
    if (spec.verbatim && args.length === spec.args.length) {
      rest = reader.remainder();
      if (rest[0] === '--') rest.shift();
      break;
    }
    if (reader.peek() === '--') {
      reader.skip();
      const tail = reader.remainder();
      const room = spec.verbatim ? spec.args.length - args.length : tail.length;
      args.push(...tail.slice(0, room));
      rest = tail.slice(room);
      break;
    }
    if (!reader.readFlag()) args.push(reader.take());
  }
  if (!global.help) checkArguments(spec, args);
  return {
    command: found,
    global: global as GlobalValues,
    invocation: { flags: values as Invocation['flags'], args, rest },
    version,
  };
}

function findCommand(argv: readonly string[], reader: FlagReader, commands: readonly Command[]): Command {
  const word = reader.take();
  const named = (name: string): Command | undefined => commands.find(({ spec }) => namesOf(spec).includes(name));
  const single = named(word);
  if (single !== undefined) return single;
  const family = commands.flatMap(({ spec }) => namesOf(spec)).filter((name) => name.startsWith(`${word} `));
  if (family.length === 0) {
    const words = commands.filter(({ spec }) => !spec.hidden).map(({ spec }) => spec.name.split(' ')[0]!);
    throw new UsageError(`there is no command ${quote(word)}.${didYouMean(word, new Set(words))}`);
  }
  const seconds = family.map((name) => name.slice(word.length + 1));
  const second = reader.more() ? reader.peek() : undefined;
  if (second === undefined || second.startsWith('-'))
    throw new UsageError(`${word} wants one of: ${seconds.join(', ')}.`, word);
  reader.skip();
  const found = named(`${word} ${second}`);
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no command ${quote(`${word} ${second}`)}; ${word} has: ${seconds.join(', ')}.${didYouMean(second, seconds)}`,
    argv.length > 0 ? word : undefined,
  );
}

function checkArguments(spec: CommandSpec, args: readonly string[]): void {
  const required = spec.args.filter(({ optional }) => !optional);
  const missing = required[args.length];
  if (missing !== undefined && args.length < required.length)
    throw new UsageError(
      `${spec.name}: ${missing.name} is missing: drover ${spec.name} ${argumentsText(spec)}`.trim(),
      spec.name,
    );
  if (!spec.args.at(-1)?.repeated && args.length > spec.args.length)
    throw new UsageError(
      `${spec.name}: ${quote(args[spec.args.length]!)} is one word too many${spec.args.length === 0 ? `; ${spec.name} takes flags only` : ''}.`,
      spec.name,
    );
}

/** `SERVICE [COMMAND…]`. */
export function argumentsText(spec: CommandSpec): string {
  const words = spec.args.map(({ name, optional, repeated }) => {
    const word = repeated ? `${name}…` : name;
    return optional ? `[${word}]` : word;
  });
  return spec.verbatim ? [...words, spec.name === 'exec' ? 'COMMAND…' : '[COMMAND…]'].join(' ') : words.join(' ');
}
