import { ComposeError } from '../diagnostics/compose-error.ts';

/** The text of a file: UTF-8, or UTF-16 with a byte order mark, which is dropped. */
export function decodeText(uri: string, bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new ComposeError('yaml', `reading ${uri}: it is not text in UTF-8`);
  }
}
