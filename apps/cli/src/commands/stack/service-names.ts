import type { StackView } from '@drover/contract';
import { CommandError } from '../../command/errors.ts';
import { quote } from '../../command/quote.ts';
import { didYouMean } from '../../command/suggestion.ts';

/** Throws when a name is none of the stack's services, with the one that may have been meant. */
export function checkServices(stack: StackView, names: readonly string[]): void {
  const known = stack.serviceStates.map(({ name }) => name);
  for (const name of names)
    if (!known.includes(name))
      throw new CommandError(
        `${stack.name} has no service ${quote(name)}.${didYouMean(name, known)} It has: ${known.join(', ') || 'none'}`,
      );
}
