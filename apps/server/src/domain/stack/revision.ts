/** What can be shown of a revision without opening what is sealed. */
export interface RevisionSummary {
  readonly services: readonly ServiceSummary[];
}

export interface ServiceSummary {
  readonly name: string;
  /** As the file says it. */
  readonly image: string;
  readonly imageId: string;
  readonly wanted: number;
  readonly hasHealthCheck: boolean;
  /** One that may end with code 0 and has then done its work. */
  readonly mayComplete: boolean;
  readonly dependsOn: readonly string[];
}
