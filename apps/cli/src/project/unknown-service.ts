import { quote } from '../command/quote.ts';
import { didYouMean } from '../command/suggestion.ts';

/** That a stack has no such service, which may have been meant, and which it has. */
export function unknownService(stack: string, service: string, known: readonly string[]): string {
  const shown = known.length > 12 ? `${known.slice(0, 12).join(', ')}, …` : known.join(', ');
  return `${stack} has no service ${quote(service)}.${didYouMean(service, known)} It has: ${shown || 'none'}`;
}
