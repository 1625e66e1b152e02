import type { ServiceHook } from '@drover/compose';
import type { Engine } from '@drover/engine';
import { StepFailure } from './step-failure.ts';

export interface HookRequest {
  readonly engine: Engine;
  readonly containerId: string;
  readonly name: string;
  readonly moment: 'post_start' | 'pre_stop';
  readonly hook: ServiceHook;
  readonly signal: AbortSignal;
}

/** How much of a hook's output is kept to show why it failed, in characters. */
const outputKept = 4_000;

/** Runs a command in a container and waits for its end. Rejects when it ends with another code than 0. */
export async function runHook({ engine, containerId, name, moment, hook, signal }: HookRequest): Promise<void> {
  const doing = `running ${moment} in ${name}`;
  const exec = await engine.exec.create(
    containerId,
    {
      Cmd: hook.command ?? [],
      User: hook.user,
      Privileged: hook.privileged === true,
      WorkingDir: hook.working_dir,
      Env: Object.entries(hook.environment ?? {}).map(([key, value]) => (value === null ? key : `${key}=${value}`)),
      AttachStdout: true,
      AttachStderr: true,
    },
    { signal, doing },
  );
  const stream = await engine.exec.start(exec, { signal, doing });
  const decoder = new TextDecoder();
  let output = '';
  for await (const { data } of stream.output)
    output = (output + decoder.decode(data, { stream: true })).slice(-outputKept);
  const { ExitCode } = await engine.exec.inspect(exec, { signal, doing });
  if (ExitCode === 0) return;
  const evidence = output.split('\n').filter((line) => line !== '');
  throw new StepFailure('exited', `${doing}: it ended with code ${ExitCode}`, {
    containerId,
    evidence: evidence.slice(-10),
  });
}
