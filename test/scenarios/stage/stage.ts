import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LabHost, OraclePrograms } from '@drover/lab';
import { DroverServer } from './drover-server.ts';
import { EngineState } from './engine-state.ts';
import { type ProgramOptions, type ProgramResult, RunningProgram, runProgram } from './program.ts';
import { repository } from './repository.ts';

export interface StagePlan {
  readonly host: LabHost;
  readonly oracle: OraclePrograms;
  /** A folder that this machine and the host see under the same path. */
  readonly sharedDir: string;
  /** A folder of files that the scenario starts from. */
  readonly files?: string;
  /** Puts the server's data on a disk of its own that is no larger than this. */
  readonly dataSizeMb?: number;
  readonly serverEnv?: Readonly<Record<string, string | undefined>>;
}

/** One engine, one Drover server and one folder of files: what a scenario plays on. */
export class Stage {
  readonly host: LabHost;
  readonly oracle: OraclePrograms;
  readonly engine: EngineState;
  readonly server: DroverServer;
  /** Where the scenario's files lie and its commands run. */
  readonly folder: string;
  readonly #ownDisk: boolean;

  private constructor(plan: StagePlan, top: string) {
    this.host = plan.host;
    this.oracle = plan.oracle;
    this.engine = new EngineState(plan.host.socketPath);
    this.folder = join(top, 'files');
    this.#ownDisk = plan.dataSizeMb !== undefined;
    this.server = new DroverServer({
      dataDir: join(top, 'data'),
      dockerHost: plan.host.dockerHost,
      ...(plan.serverEnv === undefined ? {} : { env: plan.serverEnv }),
    });
  }

  /** Copies the files and starts the server. */
  static async open(plan: StagePlan): Promise<Stage> {
    const top = await mkdtemp(join(plan.sharedDir, 'stage-'));
    const stage = new Stage(plan, top);
    await mkdir(stage.folder);
    if (plan.files !== undefined) await cp(plan.files, stage.folder, { recursive: true });
    if (plan.dataSizeMb !== undefined) {
      await mkdir(stage.server.dataDir);
      const size = `size=${plan.dataSizeMb}m,mode=0700`;
      const mounted = await runProgram('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', stage.server.dataDir]);
      if (mounted.exitCode !== 0) throw new Error(`mounting a small disk: ${mounted.stderr}`);
    }
    try {
      await stage.server.start();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  /** Stops the server and takes everything away that is left in the engine. */
  async close(): Promise<void> {
    await this.server.stop();
    // A scenario that failed while its host was down must not spoil the next one.
    if (!(await this.host.isRunning())) await this.host.start();
    await this.engine.clear();
    this.engine.http.close();
    if (this.#ownDisk) await runProgram('umount', [this.server.dataDir]);
    await rm(dirname(this.folder), { recursive: true, force: true });
  }

  /** Runs the real `bin/drover` to its end. */
  drover(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
    return this.startDrover(args, options).result;
  }

  /** Runs it and demands this exit code. */
  async mustDrover(args: readonly string[], exitCode = 0, options: ProgramOptions = {}): Promise<ProgramResult> {
    return expected(`drover ${args.join(' ')}`, exitCode, await this.drover(args, options));
  }

  startDrover(args: readonly string[], options: ProgramOptions = {}): RunningProgram {
    return new RunningProgram(join(repository, 'bin', 'drover'), args, {
      cwd: this.folder,
      ...options,
      env: { ...this.droverEnv(), ...options.env },
    });
  }

  /** Runs the real docker compose against the same engine. */
  compose(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
    return new RunningProgram(this.oracle.dockerPath, ['compose', ...args], {
      cwd: this.folder,
      ...options,
      env: { ...this.composeEnv(), ...options.env },
    }).result;
  }

  /** Runs it and demands that it succeeds. */
  async mustCompose(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
    return expected(`docker compose ${args.join(' ')}`, 0, await this.compose(args, options));
  }

  droverEnv(): Record<string, string | undefined> {
    return {
      DROVER_URL: this.server.url,
      DROVER_DATA: this.server.dataDir,
      DROVER_TOKEN: undefined,
      DOCKER_HOST: this.host.dockerHost,
    };
  }

  composeEnv(): Record<string, string | undefined> {
    return { DOCKER_HOST: this.host.dockerHost, DOCKER_CONFIG: this.oracle.configFolder };
  }

  /** Moves the scenario's files to where nobody looks for them. */
  async hideFiles(): Promise<void> {
    await rename(this.folder, `${this.folder}-hidden`);
    await mkdir(this.folder);
  }

  /** Writes a file of the scenario. */
  async write(name: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.folder, name)), { recursive: true });
    await writeFile(join(this.folder, name), text);
  }

  /** Changes a file of the scenario; the text to replace must be there. */
  async edit(name: string, from: string, to: string): Promise<void> {
    const text = await readFile(join(this.folder, name), 'utf8');
    if (!text.includes(from)) throw new Error(`editing ${name}: it does not hold ${JSON.stringify(from)}`);
    await writeFile(join(this.folder, name), text.replaceAll(from, to));
  }
}

function expected(what: string, exitCode: number, result: ProgramResult): ProgramResult {
  if (result.exitCode === exitCode) return result;
  throw new Error(`${what} ended with ${result.exitCode}, not ${exitCode}:\n${result.output}`);
}
