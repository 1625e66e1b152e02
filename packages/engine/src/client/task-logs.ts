import type { TaskLogOptions } from '../api/services.ts';
import { speaks } from '../api-version.ts';
import type { TaskOutputLine } from '../model/task.ts';
import { decodeTaskLines, decodeTaskMessages } from '../stream/task-output.ts';
import type { EngineConnection } from './connection.ts';
import type { EngineCall } from './engine-call.ts';
import { guarded } from './read-answer.ts';

/** Whose log, and how to learn whether it comes from terminals, which API 1.41 does not tell. */
export interface TaskLogSource {
  readonly path: string;
  readonly doing: string;
  readonly hasTerminal: () => Promise<boolean>;
}

/** Reads the log of a service or a task, each line with its task. */
export async function* readTaskLogs(
  connection: EngineConnection,
  source: TaskLogSource,
  options: TaskLogOptions | undefined,
): AsyncGenerator<TaskOutputLine, void, undefined> {
  const call: EngineCall = {
    method: 'GET',
    path: `${source.path}/logs`,
    query: {
      details: true,
      timestamps: true,
      follow: options?.follow,
      stdout: options?.stdout ?? true,
      stderr: options?.stderr ?? true,
      since: options?.since,
      tail: options?.tail,
    },
    doing: source.doing,
    options,
  };
  const isTold = speaks(await connection.apiVersion({ signal: options?.signal, doing: source.doing }), '1.42');
  const tty = isTold ? null : (options?.tty ?? (await source.hasTerminal()));
  const response = await connection.open(call);
  const raw = tty ?? response.headers['content-type'] !== 'application/vnd.docker.multiplexed-stream';
  const lines = raw ? decodeTaskLines(response) : decodeTaskMessages(response);
  yield* guarded(lines, { doing: source.doing, signal: options?.signal });
}
