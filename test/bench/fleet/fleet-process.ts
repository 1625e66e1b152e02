import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pinnedNode, repository } from '../../scenarios/stage/repository.ts';
import type { Order, Told } from './simulator.ts';

/** The process that simulates the hosts. */
export class FleetProcess {
  readonly #child: ChildProcess;

  constructor() {
    const script = join(repository, 'test', 'bench', 'fleet', 'simulator.ts');
    const execArgv = ['--disable-warning=ExperimentalWarning'];
    this.#child = fork(script, [], { execPath: pinnedNode, execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  order(order: Order): void {
    this.#child.send(order);
  }

  /** The next thing of a kind that it tells; rejects with what failed instead. */
  told<Type extends Exclude<Told['type'], 'failed'>>(type: Type): Promise<Extract<Told, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const listen = (told: Told) => {
        if (told.type === 'failed') end(() => reject(new Error(`simulating the hosts: ${told.message}`)));
        else if (told.type === type) end(() => resolve(told as Extract<Told, { type: Type }>));
      };
      const gone = () => end(() => reject(new Error('simulating the hosts: the process ended')));
      const end = (settle: () => void) => {
        this.#child.off('message', listen).off('exit', gone);
        settle();
      };
      this.#child.on('message', listen).once('exit', gone);
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}
