import { TunnelError } from './tunnel-error.ts';

/** All bytes of a body, at most `most`; throws a `TunnelError` (`message`) when there are more. */
export async function readBody(what: string, body: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.byteLength;
    if (length > most) throw new TunnelError('message', `reading ${what}: it is longer than ${most} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
