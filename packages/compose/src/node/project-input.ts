import { dirname, resolve } from 'node:path';
import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ComposeFile, LoadInput, SkippedStages } from '../load/input.ts';
import type { ResourceReader } from '../load/reader.ts';
import { isRemoteAddress } from '../paths/remote.ts';
import { addEnvFiles, implicitEnvFile } from './env-files.ts';
import { fileReader } from './fs-reader.ts';
import { findProjectFiles, listedFiles } from './project-files.ts';

/** What a command line says about a project, in docker compose's own words. */
export interface ProjectOptions {
  /** `-f`, in order; `-` is standard input. */
  readonly files?: readonly string[];
  /** `-p` */
  readonly projectName?: string | undefined;
  /** `--profile` */
  readonly profiles?: readonly string[];
  /** `--env-file` */
  readonly envFiles?: readonly string[];
  /** `--project-directory` */
  readonly projectDirectory?: string | undefined;
  readonly services?: readonly string[];
  readonly skip?: SkippedStages;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readStdin?: () => Promise<string>;
  readonly reader?: ResourceReader;
  readonly signal?: AbortSignal;
}

/** What `load` needs, and what went into finding it. */
export type ProjectInput =
  | {
      readonly ok: true;
      readonly input: LoadInput;
      /** The env files that were read, absolute. */
      readonly envFiles: readonly string[];
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Finds files and variables by the rules of docker compose: -f, COMPOSE_FILE, folders above; --env-file, `.env` twice. */
export async function projectInput(options: ProjectOptions): Promise<ProjectInput> {
  try {
    return await new ProjectSearch(options).run();
  } catch (thrown) {
    if (!(thrown instanceof ComposeError)) throw thrown;
    return { ok: false, diagnostics: [{ severity: 'error', code: thrown.code, message: thrown.message, path: [] }] };
  }
}

class ProjectSearch {
  readonly #options: ProjectOptions;
  readonly #environment: Map<string, string>;
  readonly #envFiles = new Set<string>();
  #files: readonly string[];

  constructor(options: ProjectOptions) {
    this.#options = options;
    this.#files = options.files ?? [];
    this.#environment = new Map();
    for (const [name, value] of Object.entries(options.environment)) {
      if (value !== undefined) this.#environment.set(name, value);
    }
    if (!this.#environment.has('PWD')) this.#environment.set('PWD', options.cwd);
  }

  async run(): Promise<ProjectInput> {
    const { cwd, environment, reader, skip, services, signal, projectName } = this.#options;
    await this.#readEnvFiles();
    const warnings = await this.#findFiles();
    await this.#readEnvFiles();
    if (this.#files.length === 0) {
      throw new ComposeError(
        'not-found',
        `there is no Compose file in ${this.#workingDir()} or above; name one with -f`,
      );
    }
    const home = environment.HOME;
    const input: LoadInput = {
      files: await Promise.all(this.#files.map((file) => this.#composeFile(file, cwd))),
      workingDir: this.#workingDir(),
      environment: Object.fromEntries(this.#environment),
      ...(home === undefined || home === '' ? {} : { home }),
      ...(projectName === undefined || projectName === '' ? {} : { projectName }),
      profiles: this.#profiles(),
      ...(services === undefined ? {} : { services }),
      reader: reader ?? fileReader(),
      ...(skip === undefined ? {} : { skip }),
      ...(signal === undefined ? {} : { signal }),
    };
    const diagnostics = warnings.map(
      (message): Diagnostic => ({ severity: 'warning', code: 'duplicate', message, path: [] }),
    );
    return { ok: true, input, envFiles: [...this.#envFiles], diagnostics };
  }

  async #findFiles(): Promise<readonly string[]> {
    if (this.#files.length > 0) return [];
    const listed = this.#environment.get('COMPOSE_FILE');
    if (listed !== undefined) {
      const separator = this.#environment.get('COMPOSE_PATH_SEPARATOR') || ':';
      this.#files = await listedFiles(listed, separator, this.#options.cwd);
      return [];
    }
    const found = await findProjectFiles(this.#workingDir());
    this.#files = found.files;
    return found.warnings;
  }

  async #readEnvFiles(): Promise<void> {
    const { cwd, environment } = this.#options;
    const named = this.#namedEnvFiles().map((file) => resolve(cwd, file));
    if (named.length > 0) {
      await this.#add(named);
      return;
    }
    const implied = await implicitEnvFile(this.#workingDir(), environment.COMPOSE_DISABLE_ENV_FILE);
    if (implied !== undefined) await this.#add([implied]);
  }

  async #add(files: readonly string[]): Promise<void> {
    await addEnvFiles(files, this.#environment);
    for (const file of files) this.#envFiles.add(file);
  }

  #namedEnvFiles(): readonly string[] {
    const { envFiles = [], environment } = this.#options;
    if (envFiles.length > 0) return envFiles;
    return (environment.COMPOSE_ENV_FILES ?? '').split(',').filter((file) => file !== '');
  }

  #profiles(): readonly string[] {
    const { profiles = [] } = this.#options;
    if (profiles.length > 0) return profiles;
    const listed = (this.#environment.get('COMPOSE_PROFILES') ?? '').split(',').map((profile) => profile.trim());
    return listed.filter((profile) => profile !== '');
  }

  #workingDir(): string {
    const { projectDirectory, cwd } = this.#options;
    if (projectDirectory !== undefined && projectDirectory !== '') return resolve(cwd, projectDirectory);
    const first = this.#files.find((file) => file !== '-');
    return first === undefined || isRemoteAddress(first) ? cwd : dirname(resolve(cwd, first));
  }

  async #composeFile(file: string, cwd: string): Promise<ComposeFile> {
    if (file !== '-') return { uri: isRemoteAddress(file) ? file : resolve(cwd, file) };
    return { uri: '-', text: (await this.#options.readStdin?.()) ?? '' };
  }
}
