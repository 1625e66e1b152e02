import type { EngineExec } from '../api/exec.ts';
import type { CallOptions } from '../call-options.ts';
import type { ExecId, ExecInspect } from '../model/exec.ts';
import { attachedStream } from './attached.ts';
import type { EngineConnection } from './connection.ts';
import { shortId } from './containers.ts';
import { type EngineCall, type Query, segment } from './engine-call.ts';

export function createExec(connection: EngineConnection): EngineExec {
  const call = (
    method: EngineCall['method'],
    exec: ExecId,
    action: string,
    doing: string,
    options: CallOptions | undefined,
  ): EngineCall => ({
    method,
    path: `/exec/${segment(exec, doing)}${action}`,
    doing,
    options,
  });
  return {
    create: async (container, body, options) => {
      const doing = `preparing a command in container ${shortId(container)}`;
      const { Id } = await connection.json<{ readonly Id: ExecId }>({
        method: 'POST',
        path: `/containers/${segment(container, doing)}/exec`,
        json: body,
        doing,
        options,
      });
      return Id;
    },
    start: async (exec, options) => {
      const tty = options?.tty === true;
      const starting = call('POST', exec, '/start', 'running a command', options);
      const size = options?.size;
      const hijacked = await connection.hijack({
        ...starting,
        json: {
          Detach: false,
          Tty: tty,
          ...(size === undefined || !tty ? {} : { ConsoleSize: [size.rows, size.columns] }),
        },
      });
      return attachedStream(hijacked, tty, { doing: options?.doing ?? starting.doing, signal: options?.signal });
    },
    startDetached: async (exec, options) =>
      await connection.done({ ...call('POST', exec, '/start', 'running a command', options), json: { Detach: true } }),
    inspect: async (exec, options) =>
      await connection.json<ExecInspect>(call('GET', exec, '/json', 'reading the result of a command', options)),
    resize: async (exec, size, options) => {
      const query: Query = { h: size.rows, w: size.columns };
      await connection.done({ ...call('POST', exec, '/resize', "resizing a command's terminal", options), query });
    },
  };
}
