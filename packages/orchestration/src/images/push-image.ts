import type { Engine, RegistryAuth } from '@drover/engine';

export interface PushRequest {
  readonly engine: Engine;
  readonly ref: string;
  readonly auth?: RegistryAuth | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Pushes an image and answers the digest that its registry gave it. */
export async function pushImage({ engine, ref, auth, signal }: PushRequest): Promise<string> {
  let digest: string | undefined;
  for await (const { status } of engine.images.push(ref, { auth, signal })) {
    digest = /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(status ?? '')?.[1] ?? digest;
  }
  if (digest === undefined) throw new Error(`pushing ${ref}: the engine told no digest`);
  return digest;
}
