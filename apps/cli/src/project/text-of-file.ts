import { readFileSync } from 'node:fs';

/** The text of a file for an excerpt; none where it cannot be read. */
export function textOfFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
