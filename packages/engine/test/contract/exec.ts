import { expect, it } from 'vitest';
import { type GetSubject, textOf, withContainer } from './subject.ts';

/** Commands in a container, and its own streams. */
export function execContract(get: GetSubject): void {
  it('runs a command, tells its streams apart and its exit code afterwards', async () => {
    const { engine } = get();
    await withContainer(get(), 'sleep 300', {}, async (container) => {
      await engine.containers.start(container);
      const run = async (script: string) => {
        const exec = await engine.exec.create(container, {
          Cmd: ['sh', '-c', script],
          AttachStdout: true,
          AttachStderr: true,
        });
        const stream = await engine.exec.start(exec);
        let stdout = '';
        let stderr = '';
        for await (const chunk of stream.output) {
          if (chunk.stream === 'stderr') stderr += Buffer.from(chunk.data).toString();
          else stdout += Buffer.from(chunk.data).toString();
        }
        const { ExitCode, Running } = await engine.exec.inspect(exec);
        return { stdout, stderr, ExitCode, Running };
      };
      expect(await run('echo one; echo two >&2; exit 6')).toEqual({
        stdout: 'one\n',
        stderr: 'two\n',
        ExitCode: 6,
        Running: false,
      });
      expect(await run('exit 0')).toEqual({ stdout: '', stderr: '', ExitCode: 0, Running: false });
    });
  });

  it('closes the input and keeps the output open', async () => {
    const { engine } = get();
    await withContainer(get(), 'sleep 300', {}, async (container) => {
      await engine.containers.start(container);
      const exec = await engine.exec.create(container, {
        Cmd: ['sh', '-c', 'cat; echo after'],
        AttachStdin: true,
        AttachStdout: true,
      });
      const stream = await engine.exec.start(exec);
      stream.input.write('hello ');
      stream.input.end('world\n');
      expect(await textOf(stream.output)).toBe('hello world\nafter\n');
      expect((await engine.exec.inspect(exec)).ExitCode).toBe(0);
    });
  });

  it('attaches to a container with input', async () => {
    const { engine } = get();
    const body = { OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true };
    await withContainer(get(), 'cat; echo bye', body, async (container) => {
      const stream = await engine.containers.attach(container, { stdin: true });
      await engine.containers.start(container);
      stream.input.end('typed\n');
      expect(await textOf(stream.output)).toBe('typed\nbye\n');
      expect(await engine.containers.wait(container)).toMatchObject({ StatusCode: 0 });
    });
  });

  it('refuses a container that does not run', async () => {
    const { engine } = get();
    await withContainer(get(), 'true', {}, async (container) => {
      await expect(engine.exec.create(container, { Cmd: ['true'] })).rejects.toMatchObject({ code: 'conflict' });
      await expect(engine.exec.create('no-such-container', { Cmd: ['true'] })).rejects.toMatchObject({
        code: 'not-found',
      });
    });
  });
}
