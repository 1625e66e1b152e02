import type { StringMap } from '../model/wire.ts';

/** How the containers of a fake image behave. Times are milliseconds. What is absent is worked out from the command. */
export interface FakeBehaviour {
  /** Exits by itself after this time. */
  readonly exitAfter?: number;
  readonly exitCode?: number;
  /** The health check's first success after the start; `never` turns unhealthy once its retries are used up. */
  readonly healthyAfter?: number | 'never';
  /** A healthy container turns unhealthy after this time. */
  readonly unhealthyAfter?: number;
  /** The start fails with this message of the engine. */
  readonly startError?: string;
  /** Written to standard output at the start. */
  readonly logs?: readonly string[];
  /** Written to standard error at the start. */
  readonly errorLogs?: readonly string[];
  /** How long it takes to end after the stop signal. */
  readonly stopTakes?: number;
  /** Takes no notice of the stop signal, so that it is killed at the end of its grace period. */
  readonly ignoresStop?: boolean;
}

const prefix = 'io.drover.fake.';

/** The behaviour that a container's labels ask for, over its image's: `io.drover.fake.healthy-after: never`. */
export function behaviourOf(imageBehaviour: FakeBehaviour, labels: StringMap): FakeBehaviour {
  const merged: { -readonly [K in keyof FakeBehaviour]: FakeBehaviour[K] } = { ...imageBehaviour };
  for (const [label, value] of Object.entries(labels)) {
    if (!label.startsWith(prefix)) continue;
    switch (label.slice(prefix.length)) {
      case 'exit-after':
        merged.exitAfter = Number(value);
        break;
      case 'exit-code':
        merged.exitCode = Number(value);
        merged.exitAfter ??= 0;
        break;
      case 'healthy-after':
        merged.healthyAfter = value === 'never' ? 'never' : Number(value);
        break;
      case 'unhealthy-after':
        merged.unhealthyAfter = Number(value);
        break;
      case 'start-error':
        merged.startError = value;
        break;
      case 'stop-takes':
        merged.stopTakes = Number(value);
        break;
      case 'ignores-stop':
        merged.ignoresStop = value === 'true';
        break;
      case 'logs':
        merged.logs = value.split('\n');
        break;
      default:
        throw new Error(`unknown label ${label} of the fake engine`);
    }
  }
  return merged;
}
