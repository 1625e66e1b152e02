import type { IncomingMessage } from 'node:http';
import { Refusal } from '../domain/refusal.ts';

/** Reads a JSON body of at most `mostBytes`; an empty one is an empty object. */
export async function readJsonBody(request: IncomingMessage, mostBytes: number): Promise<unknown> {
  const tooLarge = () =>
    new Refusal(
      'too-large',
      `reading the request: it is larger than ${formatSize(mostBytes)}; large files are uploaded as blobs`,
    );
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw tooLarge();
    chunks.push(chunk);
  }
  if (size === 0) return {};
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new Refusal('invalid', 'reading the request: its body must be application/json');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))) as unknown;
  } catch {
    throw new Refusal('invalid', 'reading the request: its body is not valid JSON');
  }
}

/** A size for people: `8 MB`. */
export function formatSize(bytes: number): string {
  return bytes >= 1 << 20 ? `${Math.round(bytes / (1 << 20))} MB` : `${Math.round(bytes / 1024)} kB`;
}
