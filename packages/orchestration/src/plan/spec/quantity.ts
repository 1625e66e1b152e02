/** Bytes of a decimal string; absent is 0, which leaves it to the engine. */
export function bytes(text: string | undefined): number {
  return text === undefined ? 0 : Number(text);
}

/** Nanoseconds of a Go duration; absent is 0, which leaves it to the engine. */
export function nanoseconds(duration: string | undefined): number {
  return duration === undefined ? 0 : goDuration(duration);
}

/** Whole seconds of a Go duration, cut off as docker compose does. */
export function seconds(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : Math.trunc(nanoseconds(duration) / 1e9);
}

/** Cores as the engine counts them, in the single precision that docker compose computes with. */
export function nanoCpus(cores: number | undefined): number {
  return cores === undefined ? 0 : Math.trunc(Math.fround(Math.fround(cores) * Math.fround(1e9)));
}

const unit: { readonly [name: string]: number } = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12 };

function goDuration(text: string): number {
  let total = 0;
  for (const [, amount = '0', name = 's'] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (unit[name] ?? 0);
  }
  return Math.round(total);
}
