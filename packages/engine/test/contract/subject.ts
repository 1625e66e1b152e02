import { randomBytes } from 'node:crypto';
import type { ContainerId } from '@drover/base';
import type { ContainerCreateBody, Engine, OutputChunk } from '@drover/engine';

/** The engine that a run of the contract is about; `image` is a busybox that stands in it. */
export interface ContractSubject {
  readonly engine: Engine;
  readonly image: string;
  /** An image that is not in the engine and can be pulled, or null where there is no registry. */
  readonly pullable: string | null;
}

export type GetSubject = () => ContractSubject;

/** A name that no other test uses. */
export function freshName(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}

/** Creates a container of the subject's image that runs a shell line, and hands it over; it is gone afterwards. */
export async function withContainer<T>(
  subject: ContractSubject,
  script: string,
  body: ContainerCreateBody,
  use: (id: ContainerId, name: string) => Promise<T>,
): Promise<T> {
  const name = freshName('contract');
  const { engine, image } = subject;
  const created = await engine.containers.create({ Image: image, Cmd: ['sh', '-c', script], ...body }, { name });
  try {
    return await use(created.Id, name);
  } finally {
    await engine.containers.remove(created.Id, { force: true, volumes: true }).catch(() => {});
  }
}

/** All output of one stream as text. */
export async function textOf(chunks: AsyncIterable<OutputChunk>, stream?: 'stdout' | 'stderr'): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) if (stream === undefined || chunk.stream === stream) parts.push(chunk.data);
  return Buffer.concat(parts).toString();
}

/** Asks again until the answer is wanted or ten seconds are over. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The first value that passes, of a stream that is then left. */
export async function firstOf<T>(values: AsyncIterable<T>, wanted: (value: T) => boolean): Promise<T> {
  for await (const value of values) if (wanted(value)) return value;
  throw new Error('the stream ended without it');
}
