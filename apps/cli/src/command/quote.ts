/** A word of the user's, safe to print: quoted, cut to a line, without control characters. */
export function quote(word: string): string {
  const shown = word.length > 80 ? `${word.slice(0, 79)}…` : word;
  return `"${shown.replace(/\p{Cc}/gu, '�')}"`;
}
