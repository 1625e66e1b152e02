import type { RevisionSummary } from './revision.ts';

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
}
