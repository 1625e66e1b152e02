import type { Context } from '../context.ts';
import type { Completion, Flags, FlagValues } from './flag.ts';

/** A word after the verb. Only the last may be repeated. */
export interface Argument {
  readonly name: string;
  readonly optional?: true;
  readonly repeated?: true;
  readonly completion?: Completion;
}

export interface Example {
  readonly line: string;
  readonly what: string;
}

/** What is known about a command without running it; parsing, help, completion and docs/cli.md derive from it. */
export interface CommandSpec<F extends Flags = Flags> {
  /** One word, or two: `registry login`. */
  readonly name: string;
  readonly group: CommandGroup;
  readonly summary: string;
  /** More than the summary, in whole sentences. */
  readonly describe?: string;
  readonly flags: F;
  readonly args: readonly Argument[];
  /** From the first word that fills no argument on, or after the last argument, everything is the remote command's own. */
  readonly verbatim?: true;
  readonly examples: readonly Example[];
  /** Exit codes beyond the general ones. */
  readonly exits?: Readonly<Record<string, string>>;
  /** Other whole names, of one word or two: `env ls`. */
  readonly aliases?: readonly string[];
  readonly hidden?: true;
}

export const commandGroups = [
  'Applications',
  'Containers',
  'Host',
  'Environments',
  'Configuration',
  'Drover itself',
] as const;
export type CommandGroup = (typeof commandGroups)[number];

/** A parsed command line. `rest` is the verbatim tail. */
export interface Invocation<F extends Flags = Flags> {
  readonly flags: FlagValues<F>;
  readonly args: readonly string[];
  readonly rest: readonly string[];
}

/** What a command's module exports. Resolves with the exit code. */
export interface CommandModule<F extends Flags = Flags> {
  run(context: Context, invocation: Invocation<F>): Promise<number>;
}

export interface Command {
  readonly spec: CommandSpec;
  readonly load: () => Promise<CommandModule>;
}

/** Ties a specification to the module that carries it out, which is loaded when it is run. */
export function command<F extends Flags>(spec: CommandSpec<F>, load: () => Promise<CommandModule<F>>): Command {
  // The parser builds the values from the very flags of this specification, which no type can say.
  return { spec, load: load as unknown as () => Promise<CommandModule> };
}

/** Every name that a command answers to. */
export function namesOf({ name, aliases = [] }: CommandSpec): readonly string[] {
  return [name, ...aliases];
}
