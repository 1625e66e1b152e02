import type { Diagnostic, LoadInput, LoadResult, LoadSuccess, ModelResult, SkippedStages } from '@drover/compose';
import { load, loadModel } from '@drover/compose/load/load';
import { type ProjectOptions, projectInput } from '@drover/compose/node/project-input';
import type { MapNode } from '@drover/compose/tree/node';
import type { Context } from '../context.ts';
import { readAll } from '../terminal/prompt.ts';
import { ComposeFilesError } from './compose-error.ts';
import { findingLines } from './diagnostic-lines.ts';

export interface LoadedProject {
  readonly result: LoadSuccess;
  readonly input: LoadInput;
  /** Absolute, in the order in which a later one wins. */
  readonly envFiles: readonly string[];
}

/** The caller's flags and environment as the loader's own options. */
export function projectOptions(context: Context): ProjectOptions {
  const { global, directory, environment, home } = context;
  return {
    files: global.file,
    projectName: global.projectName,
    profiles: global.profile,
    envFiles: global.envFile,
    projectDirectory: global.projectDirectory,
    cwd: directory,
    environment: { HOME: home, ...environment },
    readStdin: () => readAll(context.terminal.stdin),
  };
}

/** Finds and loads the Compose files as docker compose would; says warnings, throws `ComposeFilesError` for errors. */
export async function loadProject(
  context: Context,
  options: { readonly services?: readonly string[]; readonly skip?: SkippedStages } = {},
): Promise<LoadedProject> {
  const found = await projectInput(projectOptions(context));
  if (!found.ok) throw new ComposeFilesError(found.diagnostics);
  return loadInput(context, found, options);
}

/** Loads what was found already. */
export async function loadInput(
  context: Context,
  found: {
    readonly input: LoadInput;
    readonly envFiles: readonly string[];
    readonly diagnostics: readonly Diagnostic[];
  },
  options: { readonly services?: readonly string[]; readonly skip?: SkippedStages } = {},
): Promise<LoadedProject> {
  const input = { ...found.input, ...options };
  const result = accept(context, await load(input), found.diagnostics);
  return { result, input, envFiles: found.envFiles };
}

/** The Compose files put together, variables as they are written. */
export async function loadWritten(context: Context, skip: SkippedStages): Promise<MapNode> {
  const found = await projectInput(projectOptions(context));
  if (!found.ok) throw new ComposeFilesError(found.diagnostics);
  const result = await loadModel({ ...found.input, skip: { ...skip, interpolate: true } });
  return accept(context, result, found.diagnostics).model;
}

/** A load that went well, its warnings said; throws `ComposeFilesError` for another. */
function accept<Result extends LoadResult | ModelResult>(
  context: Context,
  result: Result,
  before: readonly Diagnostic[],
): Extract<Result, { readonly ok: true }> {
  const diagnostics = [...before, ...result.diagnostics];
  sayWarnings(context, diagnostics);
  if (!result.ok) throw new ComposeFilesError(diagnostics);
  return result as Extract<Result, { readonly ok: true }>;
}

/** Warnings go to standard error, one a line, also where the output is for a program. */
export function sayWarnings(context: Context, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity !== 'warning') continue;
    const lines = findingLines(diagnostic, {
      paint: context.errorPaint,
      directory: context.directory,
      textOf: () => undefined,
      columns: undefined,
    });
    for (const line of lines) context.say(line);
  }
}
