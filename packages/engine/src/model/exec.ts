import type { Branded, ContainerId } from '@drover/base';
import type { Wire } from './wire.ts';

export type ExecId = Branded<string, 'ExecId'>;

export type ExecCreateBody = { readonly Cmd: readonly string[] } & Wire<{
  AttachStdin: boolean;
  AttachStdout: boolean;
  AttachStderr: boolean;
  DetachKeys: string;
  Tty: boolean;
  /** Height and width; API 1.42. */
  ConsoleSize: readonly [number, number];
  Env: readonly string[];
  Privileged: boolean;
  User: string;
  WorkingDir: string;
}>;

export interface ExecInspect {
  readonly ID: ExecId;
  readonly Running: boolean;
  /** Null while it runs. */
  readonly ExitCode: number | null;
  readonly ContainerID: ContainerId;
  readonly Pid: number;
  readonly OpenStdin: boolean;
  readonly OpenStdout: boolean;
  readonly OpenStderr: boolean;
}
