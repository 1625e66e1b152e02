/**
 * Puts the names of variables back where their values show. A value of up to three letters is left, and one that the author wrote as a
 * name: neither is a secret.
 */
export class Redaction {
  readonly #names = new Map<string, string>();
  readonly #public = new Set<string>();

  /** A value that messages must not show. */
  hide(variable: string, value: string): void {
    if (value.length > 3) this.#names.set(value, variable);
  }

  /** A name that the author wrote, which messages may show. */
  allow(name: string): void {
    this.#public.add(name);
  }

  /** The text with `${NAME}` for every hidden value. */
  apply(text: string): string {
    let result = text;
    for (const [value, name] of this.#names) {
      if (!result.includes(value) || this.#isPublic(value)) continue;
      result = result.replaceAll(value, () => `\${${name}}`);
    }
    return result;
  }

  #isPublic(value: string): boolean {
    for (const name of this.#public) if (name.includes(value)) return true;
    return false;
  }
}
