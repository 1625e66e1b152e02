import type { Environment, Source } from '../source/source.ts';
import type { RevisionContent, RevisionRecord, RevisionSummary, Variable } from './revision.ts';

/** A stack as it is kept, without its files. */
export interface StackRecord {
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly workingDir: string | undefined;
  readonly servingRevision: number | undefined;
  readonly wanted: 'running' | 'stopped' | 'removed';
  /** What can be shown of the serving revision. */
  readonly summary: RevisionSummary | undefined;
  /** The saved source is another one than that of the serving revision. */
  readonly edited: boolean;
}

/** The saved files of a stack, deployed or not. */
export interface Draft {
  readonly source: Source;
  readonly environment: Environment;
}

export interface VariableRecord extends Variable {
  readonly updatedAt: string;
}

/** The stacks of one environment. */
export interface StackStore {
  list(): Promise<readonly StackRecord[]>;
  find(name: string): Promise<StackRecord | undefined>;
  draft(name: string): Promise<Draft | undefined>;
  /** Makes the stack or replaces its files; without `environment` the values saved before stay. */
  saveDraft(name: string, source: Source, environment: Environment | undefined): Promise<void>;
  /** Forgets stack, revisions and variables; its deployments stay for a while. */
  forget(name: string): Promise<void>;

  variables(name: string): Promise<readonly VariableRecord[]>;
  /** Makes the stack where there is none. */
  setVariable(name: string, variable: Variable): Promise<VariableRecord>;
  unsetVariable(name: string, variable: string): Promise<boolean>;

  revisions(name: string): Promise<readonly RevisionRecord[]>;
  revision(name: string, number: number): Promise<RevisionRecord | undefined>;
  revisionContent(name: string, number: number): Promise<RevisionContent>;
  /** Ids of the images of all kept revisions, with the stack and revision that keep them. */
  keptImages(): Promise<ReadonlyMap<string, { readonly stack: string; readonly revision: number }>>;
}
