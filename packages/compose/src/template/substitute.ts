import { ComposeError } from '../diagnostics/compose-error.ts';
import { deepestNesting, parseTemplate, type Reference } from './parse.ts';

/** The value of a variable, or undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

export interface SubstituteOptions {
  /** Called for each variable that is looked up, with what was found. */
  readonly onUse?: (reference: Reference, value: string | undefined) => void;
  /** Characters that may still be produced; beyond them the text is refused. */
  readonly budget?: { left: number };
}

/**
 * Replaces `$NAME`, `${NAME}` and `${NAME<operator>word}`. A word is looked at only where it is taken. Throws a `ComposeError` for a
 * `${` that is no variable and for a required one that is missing.
 */
export function substitute(text: string, lookup: Lookup, options: SubstituteOptions = {}): string {
  return text.includes('$') ? replace(text, lookup, options, 0) : text;
}

function replace(text: string, lookup: Lookup, options: SubstituteOptions, nesting: number): string {
  if (nesting > deepestNesting) {
    throw new ComposeError('limit', `variables are nested deeper than ${deepestNesting} levels`);
  }
  let out = '';
  for (const piece of parseTemplate(text)) {
    if (typeof piece === 'string') out += piece;
    else out += within(options.budget, resolveReference(piece, lookup, options, nesting));
  }
  return out;
}

function resolveReference(reference: Reference, lookup: Lookup, options: SubstituteOptions, nesting: number): string {
  const { name, operator, word } = reference;
  const value = lookup(name);
  options.onUse?.(reference, value);
  const usable = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  switch (operator) {
    case '':
      return value ?? '';
    case ':-':
    case '-':
      return usable ? (value ?? '') : replace(word, lookup, options, nesting + 1);
    case ':+':
    case '+':
      return usable ? replace(word, lookup, options, nesting + 1) : (value ?? '');
    case ':?':
    case '?':
      if (usable) return value ?? '';
      throw new ComposeError(
        'interpolation',
        `the variable ${name} must be set${operator === ':?' ? ' and not empty' : ''}${word === '' ? '' : `: ${word}`}`,
      );
  }
}

function within(budget: { left: number } | undefined, value: string): string {
  if (budget !== undefined) {
    budget.left -= value.length;
    if (budget.left < 0) throw new ComposeError('limit', 'variables make the files grow beyond what is allowed');
  }
  return value;
}
