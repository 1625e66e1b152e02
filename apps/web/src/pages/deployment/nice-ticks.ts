const steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000];

/** Round moments on an axis of this many milliseconds, from 0, about five of them. */
export function niceTicks(length: number): readonly number[] {
  const step = steps.find((each) => length / each <= 6) ?? Math.ceil(length / 5 / 600_000) * 600_000;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step).filter(
    (tick) => tick < length * 0.97,
  );
}
