import { type FakeContainer, isRunning } from './container.ts';
import { containerEvent, environmentOf, later } from './container-facts.ts';
import { conflict, Refusal } from './failure.ts';
import { startHealthChecks } from './health.ts';
import { connectEndpoints, disconnectEndpoints, releasePorts, takePorts } from './networking.ts';
import { FakeProcess } from './process.ts';
import { readProgram } from './program.ts';
import { removeVolume, usersOf } from './volumes.ts';
import type { FakeWorld } from './world.ts';

/** The exit code of a process that a signal ended. */
const killedCode = 137;
const terminatedCode = 143;
const defaultGraceSeconds = 10;

/** Runs a container; one that runs already is left alone. */
export function startContainer(world: FakeWorld, container: FakeContainer): void {
  if (container.status === 'paused') throw conflict('cannot start a paused container, try unpause instead');
  if (container.status === 'running') return;
  if (container.status === 'removing') throw conflict('container is marked for removal and cannot be started');
  container.stoppedByUser = false;
  container.restartCount = 0;
  run(world, container);
}

function run(world: FakeWorld, container: FakeContainer): void {
  try {
    if (container.behaviour.startError !== undefined) throw new Refusal('server', container.behaviour.startError);
    connectEndpoints(world, container);
    takePorts(world, container);
  } catch (thrown) {
    releasePorts(world, container);
    disconnectEndpoints(world, container);
    container.exitCode = 128;
    container.error = thrown instanceof Error ? thrown.message : String(thrown);
    throw thrown;
  }
  container.status = 'running';
  container.error = '';
  container.exitCode = 0;
  container.startedAt = new Date();
  volumeEvents(world, container, 'mount');
  containerEvent(world, container, 'start');
  startProcess(world, container);
  startHealthChecks(world, container);
}

function volumeEvents(world: FakeWorld, container: FakeContainer, action: 'mount' | 'unmount'): void {
  for (const mount of container.mounts) {
    if (mount.Type === 'volume') world.events.publish('volume', action, mount.Name ?? '', { container: container.id });
  }
}

function startProcess(world: FakeWorld, container: FakeContainer): void {
  const { behaviour, config } = container;
  for (const line of behaviour.logs ?? []) container.output.write('stdout', Buffer.from(`${line}\n`));
  for (const line of behaviour.errorLogs ?? []) container.output.write('stderr', Buffer.from(`${line}\n`));
  const scripted = behaviour.exitAfter !== undefined;
  const steps = scripted
    ? ([
        { type: 'sleep', milliseconds: behaviour.exitAfter },
        { type: 'exit', code: behaviour.exitCode ?? 0 },
      ] as const)
    : readProgram([...(config.Entrypoint ?? []), ...(config.Cmd ?? [])], environmentOf(container));
  const process = new FakeProcess(steps, {
    print: (stream, data) => container.output.write(config.Tty === true ? 'stdout' : stream, data),
    exit: (code) => endContainer(world, container, code),
  });
  container.process = process;
  if (config.OpenStdin !== true) process.closeInput();
  process.start();
}

/** The process ended, by itself or not: states, events, and what the restart policy says. */
export function endContainer(world: FakeWorld, container: FakeContainer, exitCode: number): void {
  if (!isRunning(container)) return;
  container.process?.end();
  container.process = null;
  clearTimers(container);
  container.status = 'exited';
  container.exitCode = exitCode;
  container.finishedAt = new Date();
  if (container.health !== null) container.health = { ...container.health, Status: 'unhealthy' };
  containerEvent(world, container, 'die', { exitCode: String(exitCode) });
  disconnectEndpoints(world, container);
  releasePorts(world, container);
  volumeEvents(world, container, 'unmount');
  container.output.end();
  for (const waiter of [...container.waiters]) waiter('exit');
  if (container.hostConfig.AutoRemove === true) removeContainer(world, container, { force: true, volumes: true });
  else restartByPolicy(world, container, exitCode);
}

function restartByPolicy(world: FakeWorld, container: FakeContainer, exitCode: number): void {
  const policy = container.hostConfig.RestartPolicy;
  const limit = policy?.MaximumRetryCount ?? 0;
  const wanted =
    policy?.Name === 'always' ||
    policy?.Name === 'unless-stopped' ||
    (policy?.Name === 'on-failure' && exitCode !== 0 && (limit === 0 || container.restartCount < limit));
  if (container.stoppedByUser || !wanted) return;
  container.status = 'restarting';
  later(container, Math.min(60_000, 100 * 2 ** container.restartCount), () => {
    container.restartCount += 1;
    try {
      run(world, container);
    } catch (thrown) {
      container.status = 'exited';
      container.error = thrown instanceof Error ? thrown.message : String(thrown);
    }
  });
}

/** Asks a container to end and kills it after its grace period. */
export async function stopContainer(
  world: FakeWorld,
  container: FakeContainer,
  timeout: number | undefined,
): Promise<void> {
  container.stoppedByUser = true;
  if (!isRunning(container)) return;
  if (container.status === 'restarting') {
    clearTimers(container);
    container.status = 'exited';
    containerEvent(world, container, 'stop');
    return;
  }
  containerEvent(world, container, 'kill', { signal: '15' });
  const { behaviour } = container;
  const graceMilliseconds = (timeout ?? container.config.StopTimeout ?? defaultGraceSeconds) * 1000;
  const needed = behaviour.ignoresStop === true ? Number.POSITIVE_INFINITY : (behaviour.stopTakes ?? 0);
  const killed = graceMilliseconds >= 0 && needed > graceMilliseconds;
  const wait = killed ? graceMilliseconds : needed;
  if (wait > 0 && Number.isFinite(wait)) await ended(container, wait);
  if (!isRunning(container)) return;
  if (killed) containerEvent(world, container, 'kill', { signal: '9' });
  endContainer(world, container, killed ? killedCode : softExitCode(container));
  containerEvent(world, container, 'stop');
}

/** A shell or `sleep` as process 1 does not heed the signal; a service ends well. The fake spares the wait. */
function softExitCode(container: FakeContainer): number {
  if (container.behaviour.exitCode !== undefined) return container.behaviour.exitCode;
  const command = [...(container.config.Entrypoint ?? []), ...(container.config.Cmd ?? [])];
  if (readProgram(command, new Map()) === null) return 0;
  return container.hostConfig.Init === true ? terminatedCode : killedCode;
}

async function ended(container: FakeContainer, milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      container.waiters.delete(finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    container.waiters.add(finish);
  });
}

/** Sends a signal; those that end a process end it. */
export function killContainer(world: FakeWorld, container: FakeContainer, signalName: string): void {
  if (container.status !== 'running' && container.status !== 'paused') {
    throw conflict(`cannot kill container: ${container.id}: container ${container.id} is not running`);
  }
  const signal = signalName.replace(/^SIG/, '').toUpperCase();
  containerEvent(world, container, 'kill', { signal: signal === 'KILL' ? '9' : signal });
  if (signal === 'KILL' || signal === '9') {
    container.stoppedByUser = true;
    endContainer(world, container, killedCode);
  } else if (['TERM', '15', 'INT', '2', 'QUIT', '3'].includes(signal) && container.behaviour.ignoresStop !== true) {
    container.stoppedByUser = true;
    later(container, container.behaviour.stopTakes ?? 0, () => endContainer(world, container, softExitCode(container)));
  }
}

/** Takes a container away for good. */
export function removeContainer(
  world: FakeWorld,
  container: FakeContainer,
  options: { readonly force?: boolean; readonly volumes?: boolean },
): void {
  if (isRunning(container)) {
    if (options.force !== true) {
      throw conflict(
        `cannot remove container "/${container.name}": container is ${container.status}: stop the container before removing or force remove`,
      );
    }
    container.stoppedByUser = true;
    if (container.status !== 'restarting') containerEvent(world, container, 'kill', { signal: '9' });
    endContainer(world, container, killedCode);
    if (!world.containers.has(container.id)) return;
  }
  clearTimers(container);
  container.status = 'removing';
  world.containers.delete(container.id);
  world.names.delete(container.name);
  if (options.volumes === true) removeAnonymousVolumes(world, container);
  containerEvent(world, container, 'destroy');
  for (const waiter of [...container.waiters]) waiter('removed');
}

function removeAnonymousVolumes(world: FakeWorld, container: FakeContainer): void {
  for (const mount of container.mounts) {
    const volume = world.volumes.get(mount.Name ?? '');
    if (volume === undefined || !Object.hasOwn(volume.Labels ?? {}, 'com.docker.volume.anonymous')) continue;
    if (usersOf(world, volume.Name).length === 0) removeVolume(world, volume.Name);
  }
}

function clearTimers(container: FakeContainer): void {
  for (const timer of container.timers) clearTimeout(timer);
  container.timers.clear();
}
