import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost, OraclePrograms } from '@drover/lab';
import { DroverServer } from '../../scenarios/stage/drover-server.ts';
import { type ProgramResult, runProgram } from '../../scenarios/stage/program.ts';
import { repository } from '../../scenarios/stage/repository.ts';

/** A program that deploys, run as whole commands. */
export interface Contender {
  readonly name: string;
  /** Makes it ready before its turn; not measured. */
  begin(): Promise<void>;
  /** Milliseconds of the whole command that brings the application in `folder` up. */
  up(folder: string): Promise<number>;
  down(folder: string): Promise<number>;
  /** Lets it rest, so that it does not share the machine with the next one; not measured. */
  rest(): Promise<void>;
  /** Ends it for good. */
  end(): Promise<void>;
}

/** The real docker compose, as the plug-in of the Docker CLI, which is how people call it. */
export class DockerCompose implements Contender {
  readonly name = 'docker compose';
  readonly #env: Record<string, string>;
  readonly #program: string;

  constructor(host: LabHost, oracle: OraclePrograms) {
    this.#program = oracle.dockerPath;
    this.#env = { DOCKER_HOST: host.dockerHost, DOCKER_CONFIG: oracle.configFolder };
  }

  async begin(): Promise<void> {}
  async rest(): Promise<void> {}
  async end(): Promise<void> {}

  up(folder: string): Promise<number> {
    return this.#timed(folder, ['compose', 'up', '-d']);
  }

  down(folder: string): Promise<number> {
    return this.#timed(folder, ['compose', 'down']);
  }

  async #timed(folder: string, args: readonly string[]): Promise<number> {
    return mustSucceed(
      `docker ${args.join(' ')}`,
      await runProgram(this.#program, args, { cwd: folder, env: this.#env }),
    );
  }
}

/** Milliseconds in which a server that was woken has heard of what happened meanwhile. */
const wakingMs = 1500;

/** Drover's own command against a server that is there all the time, as a service is, and stands still in other turns. */
export class Drover implements Contender {
  readonly name = 'drover';
  readonly server: DroverServer;

  constructor(dataDir: string, dockerHost: string) {
    this.server = new DroverServer({ dataDir, dockerHost });
  }

  async begin(): Promise<void> {
    if (!this.server.isStarted) return await this.server.start();
    this.server.wake();
    await sleep(wakingMs);
  }

  async rest(): Promise<void> {
    this.server.suspend();
  }

  async end(): Promise<void> {
    if (this.server.isStarted) this.server.wake();
    await this.server.stop();
  }

  up(folder: string): Promise<number> {
    return this.#timed(folder, ['up']);
  }

  down(folder: string): Promise<number> {
    return this.#timed(folder, ['down']);
  }

  async #timed(folder: string, args: readonly string[]): Promise<number> {
    const env = { DROVER_URL: this.server.url, DROVER_DATA: this.server.dataDir, DROVER_TOKEN: undefined };
    const result = await runProgram(join(repository, 'bin', 'drover'), args, { cwd: folder, env });
    return mustSucceed(`drover ${args.join(' ')}`, result);
  }
}

function mustSucceed(what: string, result: ProgramResult): number {
  if (result.exitCode !== 0) throw new Error(`${what} ended with ${result.exitCode}:\n${result.output}`);
  return result.ms;
}
