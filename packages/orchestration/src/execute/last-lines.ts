import type { Engine } from '@drover/engine';

const linesKept = 20;
const lineLength = 1_000;

/** The last lines that a container wrote; none when they cannot be had in time. */
export async function lastLines(engine: Engine, containerId: string): Promise<string[]> {
  const signal = AbortSignal.timeout(5_000);
  let text = '';
  const decoders = { stdin: new TextDecoder(), stdout: new TextDecoder(), stderr: new TextDecoder() };
  try {
    for await (const { stream, data } of engine.containers.logs(containerId, { tail: linesKept, signal })) {
      text = (text + decoders[stream].decode(data, { stream: true })).slice(-linesKept * lineLength);
    }
  } catch {
    // The failure itself is told; that its log cannot be read is no news beside it.
  }
  const lines = text.split('\n').map((line) => line.replace(/\r$/, '').slice(0, lineLength));
  return (lines.at(-1) === '' ? lines.slice(0, -1) : lines).slice(-linesKept);
}
