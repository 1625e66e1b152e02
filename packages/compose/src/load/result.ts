import type { Diagnostic, Origin, Path } from '../diagnostics/diagnostic.ts';
import type { FileContents } from '../model/file-object.ts';
import type { Project } from '../model/project.ts';
import type { MapNode } from '../tree/node.ts';

/** Why the load looked at something outside. */
export type InputKind =
  | 'compose'
  | 'include'
  | 'extends'
  | 'env-file'
  | 'label-file'
  | 'secret'
  | 'config'
  | 'build-context'
  | 'dockerfile'
  | 'ssh-key';

/** A file or directory that the project needs; what a client uploads in a bundle. */
export interface LoadedInput {
  readonly kind: InputKind;
  /** Absolute path or remote address. */
  readonly uri: string;
  /** false: an optional file that was not there, or one that only deploying needs. */
  readonly read: boolean;
}

/** A variable that the files ask for. */
export interface VariableUse {
  readonly name: string;
  /** The word after `:-` or `-`, of the last use that has one. */
  readonly default?: string;
  /** The word after `:+` or `+`. */
  readonly alternate?: string;
  /** Asked for with `?`. */
  readonly required: boolean;
  /** Whether the load's environment has it. */
  readonly set: boolean;
}

interface LoadReport {
  /** In the order of the pipeline; a failed load has at least one error. */
  readonly diagnostics: readonly Diagnostic[];
  readonly inputs: readonly LoadedInput[];
  readonly variables: readonly VariableUse[];
  /** The place that gave the value at this path of the model, or that of its nearest ancestor. */
  provenance(path: Path): Origin | undefined;
}

export interface LoadSuccess extends LoadReport {
  readonly ok: true;
  readonly project: Project;
  readonly contents: FileContents;
}

export interface LoadFailure extends LoadReport {
  readonly ok: false;
}

/** Never thrown, always returned: bad input is data. */
export type LoadResult = LoadSuccess | LoadFailure;

/** Files put together, as a tree; `print/model.ts` prints it. */
export type ModelResult = LoadFailure | (LoadReport & { readonly ok: true; readonly model: MapNode });
