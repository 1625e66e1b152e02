import { UsageError } from '../command/errors.ts';

/** Splits words as a shell would, with quotes and backslashes, without expanding anything. */
export function splitWords(text: string, flag: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]!;
    if (quote === undefined && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === undefined && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else if (character === quote) quote = undefined;
    else if (character === '\\' && quote !== "'" && index + 1 < text.length) {
      index += 1;
      word = (word ?? '') + text[index];
    } else word = (word ?? '') + character;
  }
  if (quote !== undefined) throw new UsageError(`${flag}: a ${quote} is not closed.`);
  if (word !== undefined) words.push(word);
  return words;
}
