import { cp, readFile } from 'node:fs/promises';
import type { Lab, LabHost } from '@drover/lab';
import type { Desired, ExecutionResult, Plan } from '@drover/orchestration';
import { execute } from '../../../packages/orchestration/src/execute/execute.ts';
import { RealStage } from '../../../packages/orchestration/test/real/real-stage.ts';
import { type Inspection, inspectProject } from './inspection.ts';
import { madeOnly } from './made-only.ts';

/** Where the compose files of the field tests lie, with the files that they name. */
const composeFolder = new URL('../compose/', import.meta.url);

/** One compose file on one engine, for Drover and for the real docker compose in turn. */
export class FieldProject {
  readonly stage: RealStage;

  private constructor(stage: RealStage) {
    this.stage = stage;
  }

  /** `file` is one of the folder `compose`, without its ending; it names the project too. */
  static async open(lab: Lab, host: LabHost, file: string): Promise<FieldProject> {
    const folder = `${lab.sharedDir}/${host.name}/${file}`;
    await cp(composeFolder, folder, { recursive: true });
    const stage = new RealStage({
      dockerHost: host.dockerHost,
      oracle: lab.oracle,
      folder,
      environment: { FROM_SHELL: 'the shell' },
    });
    await stage.write({ 'compose.yaml': await readFile(new URL(`${file}.yaml`, composeFolder), 'utf8') });
    return new FieldProject(stage);
  }

  /** Runs the real docker compose. */
  compose(...parameters: string[]): Promise<string> {
    return this.stage.compose('--progress=plain', ...parameters);
  }

  /** What a command prints in the first container of a service, on both streams. */
  async says(service: string, ...Cmd: string[]): Promise<string> {
    const { exec } = this.stage.engine;
    const id = await exec.create(`${this.stage.name}-${service}-1`, { Cmd, AttachStdout: true, AttachStderr: true });
    let text = '';
    for await (const { data } of (await exec.start(id)).output) text += Buffer.from(data).toString();
    return text;
  }

  /** When the first container of a service was started last, as a text that sorts. */
  async startedAt(service: string): Promise<string> {
    return (await this.stage.engine.containers.inspect(`${this.stage.name}-${service}-1`)).State.StartedAt;
  }

  /** Changes the compose file; what is to change must be there. */
  async change(from: RegExp, to: string): Promise<void> {
    const path = `${this.stage.folder}/compose.yaml`;
    const text = await readFile(path, 'utf8');
    if (!from.test(text)) throw new Error(`changing ${path}: ${from} is not in it`);
    await this.stage.write({ 'compose.yaml': text.replace(from, to) });
  }

  inspect(): Promise<Inspection> {
    return inspectProject(this.stage.engine, this.stage.name);
  }

  /** What Drover would make, without what it would start. */
  async planToMake(desired: Desired): Promise<Plan> {
    return madeOnly(await this.stage.plan(desired));
  }

  async make(desired: Desired): Promise<ExecutionResult> {
    return execute(await this.planToMake(desired), this.stage.engine);
  }

  /** Removes everything of the project, volumes too. */
  async remove(): Promise<void> {
    const { containers, networks, volumes } = await this.inspect();
    const { engine } = this.stage;
    await Promise.all(
      Object.keys(containers).map((name) => engine.containers.remove(name, { force: true, volumes: true })),
    );
    await Promise.all(Object.keys(networks).map((name) => engine.networks.remove(name)));
    await Promise.all(Object.keys(volumes).map((name) => engine.volumes.remove(name)));
  }

  async close(): Promise<void> {
    await this.remove();
    this.stage.engine.close();
  }
}
