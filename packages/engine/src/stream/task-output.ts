import type { NodeId, ServiceId, TaskId } from '@drover/base';
import type { TaskOutputLine } from '../model/task.ts';
import { decodeFrames } from './frames.ts';
import { decodeLines } from './json-lines.ts';
import { StreamFault } from './stream-fault.ts';

/** A log driver cuts lines at 16 KiB; a frame longer than this is none of a log. */
const longestMessage = 1024 * 1024;
/** Bytes after which a line without an end is handed on in parts. */
const longestLine = 64 * 1024;
const newline = 0x0a;
const space = 0x20;

/**
 * The lines of a framed log of tasks, asked for with `timestamps` and `details`. Every frame is a message of its own with a
 * time and details in front, also where it is only a part of a line; the parts are put together by task and stream.
 */
export async function* decodeTaskMessages(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<TaskOutputLine, void, undefined> {
  const unfinished = new Map<string, UnfinishedLine>();
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const { stream, data, ends } of decodeFrames(source)) {
    pieces.push(data);
    length += data.byteLength;
    if (length > longestMessage) throw new StreamFault('protocol', 'a message of the log is longer than 1 MiB');
    if (!ends) continue;
    const { origin, message } = parseMessage(Buffer.concat(pieces), stream === 'stderr' ? 'stderr' : 'stdout');
    pieces = [];
    length = 0;
    const key = `${origin.taskId} ${origin.stream}`;
    const line = unfinished.get(key) ?? new UnfinishedLine(origin);
    line.add(message);
    if (!line.isWhole) unfinished.set(key, line);
    else {
      unfinished.delete(key);
      yield line.take();
    }
  }
  for (const line of unfinished.values()) yield line.take();
}

/** The lines of a log of tasks with terminals, which comes without frames. */
export async function* decodeTaskLines(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<TaskOutputLine, void, undefined> {
  for await (const text of decodeLines(source)) {
    const { origin, message } = parseMessage(Buffer.from(text), 'stdout');
    yield { ...origin, text: message.toString('utf8') };
  }
}

type Origin = Omit<TaskOutputLine, 'text'>;

/** Parts of one line; bytes, since a character may be cut by the end of a part. */
class UnfinishedLine {
  readonly #origin: Origin;
  readonly #parts: Buffer[] = [];
  #length = 0;
  #ended = false;

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  add(message: Buffer): void {
    this.#ended = message.at(-1) === newline;
    const part = this.#ended ? message.subarray(0, -1) : message;
    this.#parts.push(part);
    this.#length += part.length;
  }

  get isWhole(): boolean {
    return this.#ended || this.#length > longestLine;
  }

  take(): TaskOutputLine {
    const text = Buffer.concat(this.#parts).toString('utf8');
    return { ...this.#origin, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  }
}

/** Takes `TIME key=value,key=value message` apart; keys and values are escaped as in a query. */
function parseMessage(bytes: Buffer, stream: TaskOutputLine['stream']): { origin: Origin; message: Buffer } {
  const timeEnd = bytes.indexOf(space);
  const found = timeEnd < 0 ? -1 : bytes.indexOf(space, timeEnd + 1);
  const detailsEnd = found < 0 ? bytes.length : found;
  const details = new URLSearchParams(bytes.toString('utf8', timeEnd + 1, detailsEnd).replaceAll(',', '&'));
  const [nodeId, serviceId, taskId] = ['node', 'service', 'task'].map((kind) =>
    details.get(`com.docker.swarm.${kind}.id`),
  );
  if (timeEnd < 0 || !nodeId || !serviceId || !taskId)
    throw new StreamFault('protocol', 'a line of the log does not say which task wrote it');
  return {
    origin: {
      stream,
      time: bytes.toString('latin1', 0, timeEnd),
      nodeId: nodeId as NodeId,
      serviceId: serviceId as ServiceId,
      taskId: taskId as TaskId,
    },
    message: bytes.subarray(detailsEnd + 1),
  };
}
