import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ComposeFile, type LoadResult, type LoadSuccess, load } from '@drover/compose';
import { diagnosticView } from '../diagnostic-view.ts';
import { Refusal } from '../refusal.ts';
import type { BlobStore } from './blob-store.ts';
import { bundleReader } from './bundle-reader.ts';
import { interpolationEnvironment } from './environment.ts';
import { absolutePath, type Environment, type Source } from './source.ts';

/** Files and values of a stack, ready to be loaded. */
export interface LoadableSource {
  readonly stack: string;
  readonly source: Source;
  readonly environment: Environment;
  readonly variables: readonly { readonly name: string; readonly value: string }[];
}

/** A loaded project, with what its files do not hold. */
export interface LoadedProject {
  readonly result: LoadResult;
  readonly workingDir: string;
  /** All variables that it was interpolated with. */
  readonly environment: ReadonlyMap<string, string>;
}

/** A project that is as it should be. */
export interface GoodProject extends LoadedProject {
  readonly result: LoadSuccess;
}

const mostKept = 8;
const mostKeptBytes = 4 * 1024 * 1024;

/**
 * Loads stacks from their bundles. What was loaded lately is kept, by the digest of everything that goes into it: deploying
 * what did not change does not read a file.
 */
export class ProjectLoader {
  readonly #blobs: BlobStore;
  readonly #stacksFolder: string;
  readonly #kept = new Map<string, { readonly project: LoadedProject; readonly bytes: number }>();

  constructor(blobs: BlobStore, stacksFolder: string) {
    this.#blobs = blobs;
    this.#stacksFolder = stacksFolder;
  }

  /** Where a stack's relative paths start: the client's folder, or its own below the data folder. */
  workingDirOf(stack: string, source: Source): string {
    return source.workingDir ?? join(this.#stacksFolder, stack);
  }

  /** Loads; what is wrong with the files is in the result. */
  async load(request: LoadableSource, signal?: AbortSignal): Promise<LoadedProject> {
    const key = createHash('sha256').update(JSON.stringify(request)).digest('base64');
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.project;
    }
    const project = await this.#read(request, signal);
    if (signal?.aborted !== true) this.#keep(key, project);
    return project;
  }

  /** Loads, and refuses (`invalid-source`) a project with errors, with all of them. */
  async loadGood(request: LoadableSource, signal?: AbortSignal): Promise<GoodProject> {
    const loaded = await this.load(request, signal);
    const { result } = loaded;
    if (result.ok) return { ...loaded, result };
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error').map(diagnosticView);
    const [first] = errors;
    const place =
      first?.origin === undefined
        ? `${request.source.composeFiles.join(', ')}: `
        : `${first.origin.file}:${first.origin.line}:${first.origin.column}: `;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new Refusal('invalid-source', `${place}${first?.message ?? 'the Compose files cannot be loaded'}${more}`, {
      diagnostics: result.diagnostics.map(diagnosticView),
    });
  }

  async #read({ stack, source, environment, variables }: LoadableSource, signal: AbortSignal | undefined) {
    const workingDir = this.workingDirOf(stack, source);
    const all = await interpolationEnvironment(source, this.#blobs, { environment, variables });
    const profiles = source.profiles ?? listOf(all.get('COMPOSE_PROFILES'));
    const home = all.get('HOME');
    const result = await load({
      files: await Promise.all(source.composeFiles.map((path) => this.#composeFile(source, workingDir, path))),
      workingDir,
      environment: Object.fromEntries(all),
      ...(home === undefined || home === '' ? {} : { home }),
      projectName: stack,
      profiles,
      reader: bundleReader(source, workingDir, this.#blobs),
      ...(signal === undefined ? {} : { signal }),
    });
    return { result, workingDir, environment: all };
  }

  // Standard input has no path of its own; its text is part of the bundle under the name that stands for it.
  async #composeFile(source: Source, workingDir: string, path: string): Promise<ComposeFile> {
    const file = path === '-' ? source.files.find((each) => each.path === '-') : undefined;
    if (file === undefined || !('sha256' in file)) return { uri: absolutePath(workingDir, path) };
    return { uri: '-', text: (await this.#blobs.read(file.sha256)).toString('utf8') };
  }

  #keep(key: string, project: LoadedProject): void {
    const { result } = project;
    const bytes = result.ok ? JSON.stringify(result.project).length : 1000;
    if (bytes > mostKeptBytes) return;
    this.#kept.set(key, { project, bytes });
    let total = [...this.#kept.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    for (const [oldest, kept] of this.#kept) {
      if (this.#kept.size <= mostKept && total <= mostKeptBytes) return;
      total -= kept.bytes;
      this.#kept.delete(oldest);
    }
  }
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
