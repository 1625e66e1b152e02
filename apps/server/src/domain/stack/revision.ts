import type { AcceptedField, Project } from '@drover/compose';
import type { ServiceImage } from '@drover/orchestration';
import type { Environment, Source } from '../source/source.ts';

/** What can be shown of a revision without opening what is sealed. */
export interface RevisionSummary {
  readonly services: readonly ServiceSummary[];
  /** The names of the fields that it leaves out knowingly; absent is none. */
  readonly accepted?: readonly string[];
}

export interface ServiceSummary {
  readonly name: string;
  /** As the file says it. */
  readonly image: string;
  readonly imageId: string;
  readonly wanted: number;
  /** One container on each host that takes it, however many these are. */
  readonly perHost?: true;
  readonly hasHealthCheck: boolean;
  /** One that may end with code 0 and has then done its work. */
  readonly mayComplete: boolean;
  readonly dependsOn: readonly string[];
}

/** A variable of a stack with its value. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

/** Everything that a revision is made of, secrets too: it is kept sealed. It is plain JSON. */
export interface RevisionContent {
  readonly project: Project;
  /** What the project leaves out knowingly; absent is nothing. */
  readonly accepted?: readonly AcceptedField[];
  /** By service. */
  readonly images: readonly (readonly [string, ServiceImage])[];
  /** Contents of secrets and configs by key, in base64, and of files that settings name, by path, as text. */
  readonly secrets: readonly (readonly [string, string])[];
  readonly configs: readonly (readonly [string, string])[];
  readonly files: readonly (readonly [string, string])[];
  /** The client's environment and the stack's variables that it was resolved with. */
  readonly environment: Environment;
  readonly variables: readonly Variable[];
  readonly envFiles: readonly string[];
  readonly defaultPlatform?: string;
}

/** An immutable, complete desired state of a stack. */
export interface RevisionRecord {
  readonly stack: string;
  readonly number: number;
  readonly createdAt: string;
  /** What made it: `deploy`, `rollback to 3`, `adopted`. */
  readonly origin: string;
  /** Absent where the files could not be read: an adopted project. */
  readonly source: Source | undefined;
  readonly summary: RevisionSummary;
  /** A keyed digest of everything that a deploy brings about: equal means there is nothing to do but to look. */
  readonly fingerprint: string;
}

/** How many revisions of a stack are kept, the serving one besides. */
export const keptRevisions = 10;
