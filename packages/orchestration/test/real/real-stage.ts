import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { load, type Project } from '@drover/compose';
import { projectInput } from '@drover/compose/node/project-input';
import { createEngine, dialerFor, type Engine } from '@drover/engine';
import type { OraclePrograms } from '@drover/lab';
import { execute } from '../../src/execute/execute.ts';
import type { ExecuteOptions, ExecutionResult } from '../../src/execute/execution.ts';
import { recallImages } from '../../src/images/kept-images.ts';
import { resolveImages } from '../../src/images/resolve.ts';
import type { Desired, FileContent, ServiceImage } from '../../src/model/desired.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { PlanOptions } from '../../src/model/plan-options.ts';
import { collectObserved } from '../../src/observe/collect.ts';
import { planDeploy } from '../../src/plan/deploy.ts';
import { planDown } from '../../src/plan/down.ts';
import { seccompProfilePath } from '../../src/plan/spec/security.ts';
import { converge } from '../../src/reconcile/converge.ts';
import type { ConvergenceRequest, ConvergenceResult } from '../../src/reconcile/convergence.ts';

const run = promisify(execFile);

export interface RealStageRequest {
  readonly dockerHost: string;
  readonly oracle: OraclePrograms;
  /** Seen by this machine and the host under the same path. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Builds go through buildx; without it, through the classic builder. */
  readonly buildx?: boolean;
}

/** A project on a real engine, for Drover and for the real docker compose alike. */
export class RealStage {
  readonly engine: Engine;
  readonly folder: string;
  readonly #request: RealStageRequest;
  #revision = 0;

  constructor(request: RealStageRequest) {
    this.#request = request;
    this.folder = request.folder;
    this.engine = createEngine({
      dialer: dialerFor(request.dockerHost),
      buildx: request.buildx === true ? join(request.oracle.configFolder, 'cli-plugins/docker-buildx') : null,
    });
  }

  get name(): string {
    return this.folder.slice(this.folder.lastIndexOf('/') + 1);
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(this.folder, name), text);
  }

  /** What the real docker compose prints; standard error too. */
  async compose(...parameters: string[]): Promise<string> {
    const { stdout, stderr } = await run(this.#request.oracle.composePath, parameters, {
      cwd: this.folder,
      env: {
        ...this.#request.environment,
        PATH: process.env.PATH ?? '',
        HOME: this.folder,
        DOCKER_HOST: this.#request.dockerHost,
        DOCKER_CONFIG: this.#request.oracle.configFolder,
      },
    });
    return `${stdout}${stderr}`;
  }

  /** The files as they stand, as a new revision. */
  async desired(profiles: readonly string[] = []): Promise<Desired> {
    const found = await projectInput({ cwd: this.folder, environment: this.#request.environment ?? {}, profiles });
    const loaded = found.ok ? await load(found.input) : { ok: false as const, diagnostics: found.diagnostics };
    if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
    const { project, contents, provenance } = loaded;
    this.#revision += 1;
    const secrets = bytesOf(contents.secrets);
    return {
      identity: { name: project.name, workingDir: project.workingDir, configFiles: project.composeFiles, envFiles: [] },
      revision: this.#revision,
      project,
      images: await resolveImages({ engine: this.engine, project, now: Date.now(), contents: { secrets } }),
      contents: {
        secrets: new Map([...(await filesOf(project.secrets)), ...secrets]),
        configs: new Map([...(await filesOf(project.configs)), ...bytesOf(contents.configs)]),
        files: await this.#profiles(project),
      },
      provenance,
    };
  }

  /** The texts of the seccomp profiles that services name. */
  async #profiles({ services }: Project): Promise<ReadonlyMap<string, string>> {
    const options = Object.values(services).flatMap(({ security_opt }) => security_opt ?? []);
    const paths = options.map(seccompProfilePath).filter((path) => path !== undefined);
    const texts = paths.map(async (path) => [path, await readFile(resolve(this.folder, path), 'utf8')] as const);
    return new Map(await Promise.all(texts));
  }

  observe(desired?: Desired): Promise<Observed> {
    return collectObserved(this.engine, { project: this.name, desired });
  }

  async plan(desired: Desired, options?: PlanOptions): Promise<Plan> {
    return planDeploy(desired, await this.observe(desired), options);
  }

  async deploy(desired: Desired, options?: PlanOptions, execution?: ExecuteOptions): Promise<ExecutionResult> {
    return execute(await this.plan(desired, options), this.engine, execution);
  }

  converge(request: ConvergenceRequest): Promise<ConvergenceResult> {
    const parts = {
      observe: (desired: Desired, signal: AbortSignal) =>
        collectObserved(this.engine, { project: this.name, desired, signal }),
      plan: planDeploy,
      execute: (plan: Plan, options: ExecuteOptions) => execute(plan, this.engine, options),
    };
    return converge(parts, request);
  }

  recall(revision: number, images: ReadonlyMap<string, ServiceImage>): Promise<ReadonlyMap<string, ServiceImage>> {
    return recallImages({ engine: this.engine, stack: this.name, revision }, images);
  }

  async down(volumes: readonly string[] = []): Promise<ExecutionResult> {
    return execute(planDown(await this.observe(), { stopTimeout: 0, volumes }), this.engine);
  }

  /** `name image state`, one container a line, and its id where that matters. */
  async containers(): Promise<ReadonlyMap<string, string>> {
    const filters = { label: [`com.docker.compose.project=${this.name}`] };
    const list = await this.engine.containers.list({ all: true, filters });
    return new Map(list.map(({ Names, Id }) => [(Names[0] ?? '').slice(1), Id] as const).sort());
  }
}

function bytesOf(texts: ReadonlyMap<string, string>): ReadonlyMap<string, FileContent> {
  const encoder = new TextEncoder();
  return new Map([...texts].map(([key, text]) => [key, { bytes: encoder.encode(text), version: `${text.length}x` }]));
}

async function filesOf(objects: Project['secrets']): Promise<readonly (readonly [string, FileContent])[]> {
  const files = Object.entries(objects).flatMap(([key, { file }]) =>
    file === undefined ? [] : [[key, file] as const],
  );
  return Promise.all(
    files.map(async ([key, file]) => {
      const bytes = await readFile(file);
      return [key, { bytes, version: `${bytes.length}x`, bindable: true }] as const;
    }),
  );
}
