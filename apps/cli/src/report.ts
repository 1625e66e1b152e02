import { DroverError, messageOf } from '@drover/base';
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

interface Explained {
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  /** Findings about Compose files that say it better than the message. */
  readonly diagnostics: readonly object[];
}

/** Tells the user what went wrong, in words or as JSON, and gives the exit code for it. A bug is thrown on. */
export async function reportError(error: unknown, options: ReportOptions): Promise<number> {
  const explained = explain(error, options);
  const { exitCode, message, reason, diagnostics } = explained;
  const { stdout, stderr } = options.terminal;
  if (options.json) {
    const details = diagnostics.length > 0 ? { diagnostics } : {};
    stdout.write(`${JSON.stringify({ error: { reason, message, ...details } })}\n`);
    return exitCode;
  }
  const paint = choosePaint(stderr, options.global?.color, options.environment);
  const head = `${paint('red', 'drover:')} `;
  if (diagnostics.length > 0) {
    const { errorLines } = await import('./project/error-lines.ts');
    const lines = errorLines(explained, { paint, directory: options.directory, output: stderr });
    stderr.write(`${head}${lines.join('\n')}\n`);
  } else stderr.write(`${head}${message}\n`);
  return exitCode;
}

function explain(error: unknown, { endpoint }: ReportOptions): Explained {
  const plain = (exitCode: number, reason: string, message: string): Explained => ({
    exitCode,
    reason,
    message,
    diagnostics: [],
  });
  if (error instanceof UsageError) {
    const help = error.command === undefined ? 'drover --help' : `drover ${error.command} --help`;
    return plain(exitCodes.usage, 'usage', `${error.message} See ${help}.`);
  }
  if (error instanceof ApiError) {
    if (error.status === 401)
      // Without an endpoint the command itself was signing in.
      return plain(exitCodes.unauthorized, 'unauthorized', endpoint?.tokenProblem ?? error.message);
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
  const diagnostics = 'diagnostics' in error && Array.isArray(error.diagnostics) ? error.diagnostics : [];
  return { exitCode: exitCodes.failure, reason: error.code, message: messageOf(error), diagnostics };
}
