import type { DiagnosticView, Refusal } from '@drover/contract';
import { ORPCError } from '@orpc/client';

/** Why something was not done, as a page shows it. */
export type RefusalView = {
  readonly message: string;
  readonly reason?: string;
  readonly diagnostics: readonly DiagnosticView[];
};

/** The words for anything that a call of the API may throw. */
export function refusalOf(thrown: unknown): RefusalView {
  if (thrown instanceof ORPCError) {
    const data = thrown.data as Partial<Refusal> | undefined;
    return {
      message: thrown.message,
      ...(data?.reason === undefined ? {} : { reason: data.reason }),
      diagnostics: data?.diagnostics ?? [],
    };
  }
  if (thrown instanceof TypeError) return { message: 'Drover does not answer. Is it running?', diagnostics: [] };
  return { message: thrown instanceof Error ? thrown.message : String(thrown), diagnostics: [] };
}

/** Whether the server said that there is no such thing. */
export function isNotFound(thrown: unknown): boolean {
  return thrown instanceof ORPCError && thrown.code === 'NOT_FOUND';
}
