/** Shorter texts are everywhere; to replace them would only garble. */
const shortest = 3;

/** A function that puts dots in the place of every secret, and of the long lines of secrets that have several. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/).filter((line) => line.length >= 8)]);
  const known = [...new Set(parts.map((part) => part.trim()).filter((part) => part.length >= shortest))];
  known.sort((a, b) => b.length - a.length);
  return (text) => known.reduce((result, secret) => result.replaceAll(secret, '•••'), text);
}
