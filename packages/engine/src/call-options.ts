/** What every engine call takes. */
export interface CallOptions {
  /** Ends the call: an unfinished one rejects with `aborted`, a stream ends its connection. */
  readonly signal?: AbortSignal | undefined;
  /** What is being done, for the error message, where the caller has a better name than the id: `starting web-1`. */
  readonly doing?: string | undefined;
}

/** Filters of a list, as the Engine names them: `{ label: ['com.docker.compose.project=web'] }`. */
export type Filters = { readonly [name: string]: readonly string[] };
