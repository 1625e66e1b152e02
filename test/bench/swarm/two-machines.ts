import { availableParallelism } from 'node:os';
import type { LabHost } from '@drover/lab';
import { runProgram } from '../../scenarios/stage/program.ts';

const hostCore = 0;
const serverCore = 1;

/**
 * Two machines made of one: the engine and its agent have one core, whoever reads through the tunnel has another, as a host and a
 * server have their own. Who reads by the socket has to be on the engine's machine. Without it, two programs that a tunnel brings into
 * the way (agent, TLS at both ends) take what engine and reader leave idle of the same cores, which is nothing.
 *
 * There is no way back: programs that were once on one core stayed slower (seen: half the requests), though they were allowed on both.
 */
export class TwoMachines {
  private constructor() {}

  /** Throws where there are fewer than two cores. */
  static async part(engine: LabHost, agentPid: number): Promise<TwoMachines> {
    if (availableParallelism() < 2) throw new Error('two machines need two cores, and this machine has one');
    // What ends meanwhile is not there to be moved; the engine itself has to be.
    const others = `for each in /proc/[0-9]*; do taskset -a -p -c ${hostCore} "\${each#/proc/}" || true; done`;
    const itself = `taskset -a -p -c ${hostCore} "$(pidof dockerd)"`;
    const moved = await engine.exec(['sh', '-c', `${others}; ${itself}`]);
    if (moved.exitCode !== 0) throw new Error(`giving the engine its core: ${moved.stderr}`);
    await keepOn(hostCore, agentPid);
    return new TwoMachines();
  }

  /** Puts this process, which reads, on the engine's machine or on the server's. */
  async readAt(where: 'host' | 'server'): Promise<void> {
    await keepOn(where === 'host' ? hostCore : serverCore, process.pid);
  }
}

async function keepOn(core: number, pid: number): Promise<void> {
  const { exitCode, output } = await runProgram('taskset', ['-a', '-p', '-c', String(core), String(pid)]);
  if (exitCode !== 0) throw new Error(`taskset ended with ${exitCode}: ${output}`);
}
