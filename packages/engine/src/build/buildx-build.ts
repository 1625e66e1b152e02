import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { ImageId } from '@drover/base';
import type { CallOptions } from '../call-options.ts';
import { EngineError } from '../engine-error.ts';
import type { BuildProgress, BuildRequest, BuildSecret } from '../model/build.ts';
import type { RegistryAuth } from '../model/image.ts';
import { decodeLines } from '../stream/json-lines.ts';
import type { Dialer } from '../transport/dialer.ts';
import { failedCall } from '../transport/failure.ts';
import { buildxArguments } from './buildx-arguments.ts';
import { bridgeDialer } from './dialer-bridge.ts';

type Child = ChildProcessByStdio<Writable, null, Readable>;

/** Milliseconds for the program to end by itself once it was told to. */
const graceTime = 5000;
/** The last lines that a failure is looked for in. */
const keptLines = 40;

/**
 * Builds with the program buildx, on the engine behind the dialer. The program sees nothing of this process but PATH:
 * its configuration, with the credentials of this build alone, lies in a folder of its own that is gone afterwards.
 */
export async function* buildWithBuildx(
  program: string,
  dial: Dialer,
  request: BuildRequest,
  options: CallOptions,
): AsyncGenerator<BuildProgress, void, undefined> {
  const call = { doing: options.doing ?? `building ${request.tags[0] ?? 'an image'}`, signal: options.signal };
  if (call.signal?.aborted) throw failedCall(call.signal.reason, call);
  const folder = await mkdtemp(join(tmpdir(), 'drover-build-'));
  const socket = join(folder, 'docker.sock');
  const bridge = await bridgeDialer(dial, socket);
  try {
    const secretFile = await writeSecrets(folder, request.secrets ?? []);
    await writePrivate(join(folder, 'config.json'), dockerConfig(request.registryAuth ?? {}));
    const imageIdFile = join(folder, 'image-id');
    const child = spawn(program, buildxArguments(request, { imageIdFile, secretFile }), {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, DOCKER_CONFIG: folder, DOCKER_HOST: `unix://${socket}` },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    yield* runToItsEnd(child, request.dockerfileInline ?? '', call);
    yield { type: 'built', imageId: (await readFile(imageIdFile, 'utf8')).trim() as ImageId };
  } finally {
    await bridge.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function* runToItsEnd(
  child: Child,
  input: string,
  call: { readonly doing: string; readonly signal: AbortSignal | undefined },
): AsyncGenerator<BuildProgress, void, undefined> {
  const ended = endOf(child);
  const stop = () => {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), graceTime);
    void ended.then(() => clearTimeout(force));
  };
  call.signal?.addEventListener('abort', stop, { once: true });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const last: string[] = [];
  try {
    for await (const text of decodeLines(child.stderr)) {
      last.push(text);
      if (last.length > keptLines) last.shift();
      yield { type: 'line', text };
    }
    const end = await ended;
    if (call.signal?.aborted) throw failedCall(call.signal.reason, call);
    if (end !== 0) {
      const reason = end instanceof Error ? `docker buildx could not be run: ${end.message}` : reasonIn(last);
      throw new EngineError({ code: 'build-failed', doing: call.doing, reason });
    }
  } finally {
    call.signal?.removeEventListener('abort', stop);
    if (child.exitCode === null && child.signalCode === null) stop();
    await ended;
  }
}

/** The exit code, null after a signal, or why it did not run at all. */
function endOf(child: Child): Promise<number | null | Error> {
  return new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
}

function reasonIn(lines: readonly string[]): string {
  const error = lines.findLast((line) => line.startsWith('ERROR: '));
  return (
    error?.replace(/^ERROR: (?:failed to build: )?(?:failed to solve: )?/, '') ?? lines.at(-1) ?? 'docker buildx failed'
  );
}

function dockerConfig(auths: { readonly [registry: string]: RegistryAuth }): string {
  const entries = Object.entries(auths).map(([registry, auth]) => {
    const { username = '', password = '', identitytoken, registrytoken } = auth;
    const basic = username === '' ? {} : { auth: Buffer.from(`${username}:${password}`).toString('base64') };
    return [
      registry,
      { ...basic, ...(identitytoken ? { identitytoken } : {}), ...(registrytoken ? { registrytoken } : {}) },
    ] as const;
  });
  return JSON.stringify({ auths: Object.fromEntries(entries) });
}

async function writeSecrets(folder: string, secrets: readonly BuildSecret[]): Promise<(secret: BuildSecret) => string> {
  const files = new Map<BuildSecret, string>();
  for (const [index, secret] of secrets.entries()) {
    if ('file' in secret) {
      files.set(secret, secret.file);
      continue;
    }
    const path = join(folder, `secret-${index}`);
    await writePrivate(path, secret.value);
    files.set(secret, path);
  }
  return (secret) => files.get(secret) ?? '';
}

async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
}
