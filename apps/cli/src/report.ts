import { DroverError, messageOf } from '@drover/base';
import type { DiagnosticView } from '@drover/contract';
import { ApiError } from './client/api-error.ts';
import type { FoundEndpoint } from './client/endpoint.ts';
import { UsageError } from './command/errors.ts';
import { exitCodes } from './command/exit-codes.ts';
import type { GlobalValues } from './command/global-flags.ts';
import type { ContextParts } from './run.ts';
import { choosePaint } from './terminal/style.ts';

interface ReportOptions extends ContextParts {
  readonly global: GlobalValues | undefined;
  readonly endpoint: FoundEndpoint | undefined;
  readonly json: boolean;
}

/** Tells the user what went wrong, in words or as JSON, and gives the exit code for it. A bug is thrown on. */
export function reportError(error: unknown, options: ReportOptions): number {
  const { exitCode, message, reason, diagnostics } = explain(error, options);
  const { stdout, stderr } = options.terminal;
  if (options.json) {
    stdout.write(
      `${JSON.stringify({ error: { reason, message, ...(diagnostics.length > 0 ? { diagnostics } : {}) } })}\n`,
    );
    return exitCode;
  }
  const paint = choosePaint(stderr, options.global?.color, options.environment);
  for (const { severity, message: text, origin } of diagnostics)
    stderr.write(
      `${origin === undefined ? '' : `${origin.file}:${origin.line}:${origin.column}: `}${severity}: ${text}\n`,
    );
  stderr.write(`${paint('red', 'drover:')} ${message}\n`);
  return exitCode;
}

interface Explained {
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly diagnostics: readonly DiagnosticView[];
}

function explain(error: unknown, { endpoint }: ReportOptions): Explained {
  const plain = (exitCode: number, reason: string, message: string): Explained => ({
    exitCode,
    reason,
    message,
    diagnostics: [],
  });
  if (error instanceof UsageError)
    return plain(
      exitCodes.usage,
      'usage',
      `${error.message} See drover ${error.command ?? ''}${error.command ? ' ' : ''}--help.`,
    );
  if (error instanceof ApiError) {
    if (error.status === 401)
      return plain(
        exitCodes.unauthorized,
        'unauthorized',
        // Without an endpoint the command itself was signing in.
        endpoint?.tokenProblem ?? error.message,
      );
    return {
      exitCode: error.status === 403 ? exitCodes.unauthorized : exitCodes.failure,
      reason: error.reason ?? 'refused',
      message: error.message,
      diagnostics: error.diagnostics,
    };
  }
  if (!(error instanceof DroverError)) throw error;
  if (error.code === 'unreachable') return plain(exitCodes.unreachable, 'unreachable', error.message);
  if (error.code === 'cancelled') return plain(exitCodes.cancelled, 'cancelled', error.message);
  return plain(exitCodes.failure, error.code, messageOf(error));
}
