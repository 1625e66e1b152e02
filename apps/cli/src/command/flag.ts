/** What shell completion offers for a value. */
export type Completion =
  | 'file'
  | 'directory'
  | 'stack'
  | 'environment'
  | 'host'
  | 'service'
  | 'container'
  | 'volume'
  | 'revision'
  | 'field'
  | 'none';

interface FlagBase {
  readonly short?: string;
  readonly describe: string;
  /** A sentence for who gives no value. */
  readonly hint?: string;
  /** Works, but is not shown: a spelling of docker compose that means the same. */
  readonly hidden?: true;
}

/** A flag of a command. Its key in the table is its camelCase name: `envFile` is `--env-file`. */
export type Flag =
  | (FlagBase & { readonly kind: 'switch' })
  | (FlagBase & { readonly kind: 'text'; readonly value: string; readonly completion?: Completion })
  | (FlagBase & { readonly kind: 'list'; readonly value: string; readonly completion?: Completion })
  | (FlagBase & { readonly kind: 'number'; readonly value: string; readonly minimum: number })
  /** `10`, `10s`, `1m30s`; seconds in the program. */
  | (FlagBase & { readonly kind: 'seconds'; readonly value: string })
  | (FlagBase & { readonly kind: 'choice'; readonly value: string; readonly choices: readonly string[] });

export type Flags = Readonly<Record<string, Flag>>;

/** What parsing gives for a flag: switches are false and lists empty when not given, the others `undefined`. */
export type FlagValue<F extends Flag> = F extends { readonly kind: 'switch' }
  ? boolean
  : F extends { readonly kind: 'list' }
    ? readonly string[]
    : F extends { readonly kind: 'number' | 'seconds' }
      ? number | undefined
      : F extends { readonly kind: 'choice'; readonly choices: readonly (infer Choice)[] }
        ? Choice | undefined
        : string | undefined;

export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: FlagValue<F[Name]> };

/** `envFile` → `--env-file`. */
export function flagSpelling(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
