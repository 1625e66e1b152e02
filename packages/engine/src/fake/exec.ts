import type { EngineExec } from '../api/exec.ts';
import type { ExecCreateBody, ExecId } from '../model/exec.ts';
import type { OutputChunk } from '../model/stream.ts';
import { AsyncQueue } from '../stream/queue.ts';
import { connect } from './attach.ts';
import type { FakeContainer } from './container.ts';
import { containerEvent, environmentOf } from './container-facts.ts';
import { conflict, notFound } from './failure.ts';
import type { Gate } from './gate.ts';
import { FakeProcess } from './process.ts';
import { readProgram } from './program.ts';
import type { FakeWorld } from './world.ts';

interface FakeExec {
  readonly id: ExecId;
  readonly container: FakeContainer;
  readonly body: ExecCreateBody;
  readonly queue: AsyncQueue<OutputChunk>;
  state: 'created' | 'running' | 'ended';
  exitCode: number | null;
  process: FakeProcess | null;
}

const commandNotFound = 127;

export function createFakeExec(world: FakeWorld, gate: Gate): EngineExec {
  const execs = new Map<ExecId, FakeExec>();
  const find = (id: ExecId): FakeExec => {
    const exec = execs.get(id);
    if (exec === undefined) throw notFound(`No such exec instance: ${id}`);
    return exec;
  };
  return {
    create: (container, body, options) =>
      gate.pass(
        { name: 'exec.create', target: container },
        `preparing a command in container ${container}`,
        options,
        () => {
          const found = world.container(container);
          if (found.status === 'paused')
            throw conflict(`container ${container} is paused, unpause the container before exec`);
          if (found.status !== 'running') throw conflict(`container ${found.id} is not running`);
          const id = world.newId() as ExecId;
          execs.set(id, {
            id,
            container: found,
            body,
            queue: new AsyncQueue(),
            state: 'created',
            exitCode: null,
            process: null,
          });
          containerEvent(world, found, `exec_create: ${body.Cmd.join(' ')}`, { execID: id });
          return id;
        },
      ),
    start: (id, options) =>
      gate.pass({ name: 'exec.start', target: id }, 'running a command', options, () => {
        const exec = find(id);
        run(world, exec);
        return connect({
          tty: options?.tty === true,
          queue: exec.queue,
          process: () => exec.process,
          gate,
          signal: options?.signal,
          doing: options?.doing ?? 'running a command',
          onClose: () => exec.queue.close(),
        });
      }),
    startDetached: (id, options) =>
      gate.pass({ name: 'exec.startDetached', target: id }, 'running a command', options, () => run(world, find(id))),
    inspect: (id, options) =>
      gate.pass({ name: 'exec.inspect', target: id }, 'reading the result of a command', options, () => {
        const exec = find(id);
        return {
          ID: id,
          Running: exec.state === 'running',
          ExitCode: exec.exitCode,
          ContainerID: exec.container.id,
          Pid: exec.state === 'running' ? 4343 : 0,
          OpenStdin: exec.body.AttachStdin === true,
          OpenStdout: exec.body.AttachStdout === true,
          OpenStderr: exec.body.AttachStderr === true,
        };
      }),
    resize: (id, _size, options) =>
      gate.pass({ name: 'exec.resize', target: id }, "resizing a command's terminal", options, () => {
        find(id);
      }),
  };
}

function run(world: FakeWorld, exec: FakeExec): void {
  if (exec.state !== 'created') throw conflict(`Error: Exec command ${exec.id} is already running`);
  exec.state = 'running';
  containerEvent(world, exec.container, `exec_start: ${exec.body.Cmd.join(' ')}`, { execID: exec.id });
  const environment = new Map(environmentOf(exec.container));
  for (const entry of exec.body.Env ?? [])
    environment.set(entry.split('=', 1)[0] ?? '', entry.slice(entry.indexOf('=') + 1));
  const finish = (code: number) => {
    exec.state = 'ended';
    exec.exitCode = code;
    containerEvent(world, exec.container, 'exec_die', { execID: exec.id, exitCode: String(code) });
    exec.queue.close();
  };
  const steps = readProgram(exec.body.Cmd, environment);
  if (steps === null) {
    exec.queue.push({
      stream: 'stdout',
      data: Buffer.from(`OCI runtime exec failed: exec: "${exec.body.Cmd[0]}": executable file not found in $PATH\r\n`),
    });
    finish(commandNotFound);
    return;
  }
  exec.process = new FakeProcess(steps, {
    print: (stream, data) => exec.queue.push({ stream: exec.body.Tty === true ? 'stdout' : stream, data }),
    exit: finish,
  });
  if (exec.body.AttachStdin !== true) exec.process.closeInput();
  exec.process.start();
}
