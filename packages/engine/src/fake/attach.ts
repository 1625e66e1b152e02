import { Writable } from 'node:stream';
import type { AttachOptions } from '../api/containers.ts';
import type { AttachedStream, OutputChunk } from '../model/stream.ts';
import type { AsyncQueue } from '../stream/queue.ts';
import { type FakeContainer, isRunning } from './container.ts';
import { conflict, Refusal } from './failure.ts';
import type { Gate } from './gate.ts';
import type { FakeProcess } from './process.ts';

/** Connects to a container's process, as far as a fake one listens. */
export function attachContainer(gate: Gate, container: FakeContainer, options: AttachOptions): AttachedStream {
  if (container.status === 'paused')
    throw conflict(`container ${container.name} is paused, unpause the container before attach`);
  const listening = container.output.listen(options.logs === true);
  if (container.status === 'exited' || container.status === 'dead') listening.queue.close();
  return connect({
    tty: container.config.Tty === true,
    queue: listening.queue,
    process: () => (options.stdin === true && isRunning(container) ? container.process : null),
    gate,
    signal: options.signal,
    doing: `attached to container ${container.name}`,
    onClose: listening.close,
  });
}

export interface FakeConnection {
  readonly tty: boolean;
  readonly queue: AsyncQueue<OutputChunk>;
  readonly process: () => FakeProcess | null;
  readonly gate: Gate;
  readonly signal: AbortSignal | undefined;
  readonly doing: string;
  readonly onClose: () => void;
}

/** The two directions of an attached fake process. */
export function connect(connection: FakeConnection): AttachedStream {
  const { queue, gate, signal } = connection;
  const lost = new Refusal('connection-lost', 'the connection to the engine was lost');
  const end = () => queue.close(gate.streamError(lost, connection.doing, signal));
  signal?.addEventListener('abort', end, { once: true });
  gate.connectionSignal.addEventListener('abort', end, { once: true });
  const input = new Writable({
    write(data: Uint8Array, _encoding, done) {
      connection.process()?.writeInput(data);
      done();
    },
    final(done) {
      connection.process()?.closeInput();
      done();
    },
  });
  return {
    tty: connection.tty,
    output: queue,
    input,
    close: () => {
      connection.onClose();
      input.destroy();
    },
  };
}
