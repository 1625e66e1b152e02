import type { StackView } from '@drover/contract';
import { CommandError } from '../../command/errors.ts';
import { unknownService } from '../../project/unknown-service.ts';

/** Throws when a name is none of the stack's services, with the one that may have been meant. */
export function checkServices(stack: StackView, names: readonly string[]): void {
  const known = stack.serviceStates.map(({ name }) => name);
  for (const name of names) if (!known.includes(name)) throw new CommandError(unknownService(stack.name, name, known));
}
