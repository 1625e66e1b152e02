import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Path } from '../diagnostics/diagnostic.ts';
import type { Reference } from '../template/parse.ts';
import { type Lookup, substitute } from '../template/substitute.ts';
import { mapChildren } from '../tree/edit.ts';
import { isText, type Node, quotable, type ScalarNode, text } from '../tree/node.ts';
import { type Pattern, step } from '../tree/pattern.ts';
import { type Cast, castFailure, castPatterns, castText } from './casts.ts';

export interface InterpolationContext {
  readonly lookup: Lookup;
  readonly budget: { left: number };
  /** Every text with a `$` in it, before it is replaced. */
  readonly onText: (text: string) => void;
  /** Every variable that is looked up. */
  readonly onUse: (reference: Reference, value: string | undefined, node: ScalarNode, path: Path) => void;
}

/** Replaces the variables in every string (never in keys) and gives the text at typed paths its type. */
export function interpolate(root: Node, context: InterpolationContext): Node {
  return visit(root, [], castPatterns, context);
}

/** `path` is one array for the whole walk, because most files have more values than mistakes. */
function visit(
  node: Node,
  path: (string | number)[],
  casts: Pattern<Cast> | undefined,
  context: InterpolationContext,
): Node {
  if (isText(node)) {
    if (casts?.value === undefined && !node.value.includes('$')) return node;
    return visitText(node, [...path], casts?.value, context);
  }
  return mapChildren(node, (child, key) => {
    path.push(key);
    const result = visit(child, path, step(casts, typeof key === 'number' ? '[]' : key), context);
    path.pop();
    return result;
  });
}

function visitText(
  node: ScalarNode & { readonly value: string },
  path: Path,
  cast: Cast | undefined,
  context: InterpolationContext,
): Node {
  const value = replaced(node, path, context);
  const changed = value === node.value ? node : { ...text(node, value), written: node.value };
  if (cast === undefined) return changed;
  const typed = castText(changed, value, cast);
  if (typed === undefined) throw withPath(castFailure(changed, cast, quotable(changed)), path);
  return typed;
}

function replaced(node: ScalarNode & { readonly value: string }, path: Path, context: InterpolationContext): string {
  if (node.value.includes('$')) context.onText(node.value);
  try {
    return substitute(node.value, context.lookup, {
      budget: context.budget,
      onUse: (reference, value) => context.onUse(reference, value, node, path),
    });
  } catch (thrown) {
    if (thrown instanceof ComposeError) {
      throw new ComposeError(thrown.code, thrown.message, { ...thrown.details, path, place: node });
    }
    throw thrown;
  }
}

function withPath(error: ComposeError, path: Path): ComposeError {
  return new ComposeError(error.code, error.message, { ...error.details, path });
}
