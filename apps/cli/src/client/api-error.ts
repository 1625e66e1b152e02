import { DroverError } from '@drover/base';
import type { DiagnosticView } from '@drover/contract';

/** The server refused a call. `reason` is its literal word for why, where it gave one. */
export class ApiError extends DroverError {
  readonly code = 'api';
  readonly status: number;
  readonly reason: string | undefined;
  readonly diagnostics: readonly DiagnosticView[];

  constructor(
    message: string,
    options: {
      readonly status: number;
      readonly reason?: string | undefined;
      readonly diagnostics?: readonly DiagnosticView[];
    },
  ) {
    super(message);
    this.status = options.status;
    this.reason = options.reason;
    this.diagnostics = options.diagnostics ?? [];
  }
}

/** No server answers, or what answers is none of Drover's. Exit code 3. */
export class UnreachableError extends DroverError {
  readonly code = 'unreachable';
}

/** Reads a refusal's body, whatever answered: Drover's JSON, or a proxy's page, of which only the status is told. */
export function apiErrorFrom(status: number, body: string, what: string): ApiError {
  const json = parseObject(body);
  const data = asObject(json?.data);
  const message =
    typeof json?.message === 'string' ? json.message : `${what}: the server answered with status ${status}`;
  return new ApiError(message, {
    status,
    reason: typeof data?.reason === 'string' ? data.reason : undefined,
    diagnostics: Array.isArray(data?.diagnostics) ? (data.diagnostics as DiagnosticView[]) : [],
  });
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
