import type { StatsView } from '@drover/contract';

/** Columns of numbers as a plot wants them: time in seconds first. */
export type Columns = readonly (readonly (number | null)[])[];

export type StatsSeries = {
  readonly cpu: Columns;
  readonly memory: Columns;
  readonly network: Columns;
  readonly last: StatsView | undefined;
};

/** A quarter of an hour at one sample a second. */
const most = 900;
/** A silence longer than this is drawn as a gap, in seconds. */
const gap = 5;

/** The latest samples of a container's statistics, with a bound. */
export class StatsRecorder {
  #samples: (StatsView | { readonly at: string; readonly gap: true })[] = [];

  push(sample: StatsView): void {
    const previous = this.#samples.at(-1);
    if (previous !== undefined && Date.parse(sample.at) - Date.parse(previous.at) > gap * 1000)
      this.#samples.push({ at: new Date(Date.parse(previous.at) + 1000).toISOString(), gap: true });
    this.#samples.push(sample);
    if (this.#samples.length > most) this.#samples = this.#samples.slice(-most);
  }

  series(): StatsSeries {
    const times = this.#samples.map(({ at }) => Date.parse(at) / 1000);
    const column = (read: (sample: StatsView) => number): (number | null)[] =>
      this.#samples.map((sample) => ('gap' in sample ? null : read(sample)));
    return {
      cpu: [times, column(({ cpuPercent }) => cpuPercent)],
      memory: [times, column(({ memoryBytes }) => memoryBytes)],
      network: [times, column(({ networkRxRate }) => networkRxRate), column(({ networkTxRate }) => networkTxRate)],
      last: this.#samples.findLast((sample): sample is StatsView => !('gap' in sample)),
    };
  }
}
