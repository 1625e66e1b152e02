import { printKey, printString } from './yaml-scalar.ts';

/** What a YAML text is made of. Maps are written in their order. */
export type YamlValue =
  | string
  | number
  | boolean
  | null
  | Plain
  | readonly YamlValue[]
  | ReadonlyMap<string, YamlValue>;

/** A scalar that is already text. */
export class Plain {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A document in block style, two spaces a level, as go-yaml writes it. */
export function printYaml(value: YamlValue): string {
  return `${printValue(value, 0).replace(/^\n/, '')}\n`;
}

/** What comes after a key or a dash: a space and a scalar, or lines of their own. */
function printValue(value: YamlValue, indent: number): string {
  if (value instanceof Map) return value.size === 0 ? ' {}' : `\n${mapLines(value, indent)}`;
  if (Array.isArray(value)) return value.length === 0 ? ' []' : `\n${listLines(value, indent)}`;
  return ` ${printScalar(value, indent)}`;
}

function printScalar(value: YamlValue, indent: number): string {
  if (typeof value === 'string') return printString(value, indent);
  return value instanceof Plain ? value.text : String(value);
}

function mapLines(map: ReadonlyMap<string, YamlValue>, indent: number): string {
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  for (const [key, value] of map) {
    const simple = printKey(key);
    const after = printValue(value, indent + 2);
    lines.push(
      simple === undefined
        ? `${margin}? ${printString(key, indent + 2)}\n${margin}:${inline(after, indent)}`
        : `${margin}${simple}:${after}`,
    );
  }
  return lines.join('\n');
}

function listLines(items: readonly YamlValue[], indent: number): string {
  const margin = ' '.repeat(indent);
  return items.map((item) => `${margin}-${inline(printValue(item, indent + 2), indent)}`).join('\n');
}

/** Lines that begin on the line of their dash. */
function inline(text: string, indent: number): string {
  return text.startsWith('\n') ? ` ${text.slice(1 + indent + 2)}` : text;
}
