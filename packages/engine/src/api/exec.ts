import type { CallOptions } from '../call-options.ts';
import type { ExecCreateBody, ExecId, ExecInspect } from '../model/exec.ts';
import type { AttachedStream, TerminalSize } from '../model/stream.ts';

/** Commands in running containers. The exit code comes from `inspect` once the output of `start` has ended. */
export interface EngineExec {
  /** Fails `not-found` without the container and `conflict` when it does not run or is paused. */
  create(container: string, body: ExecCreateBody, options?: CallOptions): Promise<ExecId>;
  /** Runs it and connects to it; `tty` must be what `create` was given. */
  start(
    exec: ExecId,
    options?: CallOptions & { readonly tty?: boolean; readonly size?: TerminalSize | undefined },
  ): Promise<AttachedStream>;
  /** Runs it without a connection. */
  startDetached(exec: ExecId, options?: CallOptions): Promise<void>;
  inspect(exec: ExecId, options?: CallOptions): Promise<ExecInspect>;
  resize(exec: ExecId, size: TerminalSize, options?: CallOptions): Promise<void>;
}
