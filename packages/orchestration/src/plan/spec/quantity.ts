import { parseDurationNanoseconds } from '@drover/compose';

/** Bytes of a decimal string; absent is 0, which leaves it to the engine. */
export function bytes(text: string | undefined): number {
  return text === undefined ? 0 : Number(text);
}

/** Nanoseconds of a Go duration; absent is 0, which leaves it to the engine. */
export function nanoseconds(duration: string | undefined): number {
  return duration === undefined ? 0 : Number(parseDurationNanoseconds(duration) ?? 0);
}

/** Whole seconds of a Go duration, cut off as docker compose does. */
export function seconds(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : Math.trunc(nanoseconds(duration) / 1e9);
}

/** Cores as the engine counts them, in the single precision that docker compose computes with. */
export function nanoCpus(cores: number | undefined): number {
  return cores === undefined ? 0 : Math.trunc(Math.fround(Math.fround(cores) * Math.fround(1e9)));
}
