import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import classes from './plots-page.module.css';
import type { Columns } from './stats-series.ts';

/** The height of the drawing in pixels; the style sheet keeps its place. */
const height = 180;
/** At least so many seconds are on the axis, so that the first points do not fill it. */
const span = 120;

const clock = (seconds: number): string => new Date(seconds * 1000).toTimeString().slice(0, 8);

type Props = {
  readonly label: string;
  readonly data: Columns;
  readonly format: (value: number) => string;
  /** The axis reaches at least this value. */
  readonly atLeast: number;
  readonly names: readonly string[];
};

/** One plot over time. Lines are ink, the second one dashed: colour is kept for states. */
export function Plot({ label, data, format, atLeast, names }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(data);
  latest.current = data;
  const scheme = useComputedColorScheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: other colours need another drawing; what is drawn comes by `setData`
  useEffect(() => {
    const element = host.current!;
    const style = getComputedStyle(element);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: colour('--ink-3'),
      font: `11px ${colour('--font')}`,
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        cursor: { sync: { key: 'container' }, points: { size: 6 }, y: false },
        legend: { show: false },
        scales: {
          x: { time: true, range: (_plot, min, max) => [Math.min(min, max - span), max] },
          y: { range: (_plot, _min, max) => [0, Math.max(atLeast, (max ?? 0) * 1.15)] },
        },
        axes: [
          { ...axis, space: 72, size: 28, values: (_plot, moments) => moments.map(clock) },
          { ...axis, size: 64, values: (_plot, values) => values.map((value) => format(value)) },
        ],
        series: [
          {},
          ...names.map(
            (name, index): uPlot.Series => ({
              label: name,
              stroke: colour(index === 0 ? '--ink' : '--ink-3'),
              width: 1.5,
              points: { show: false },
              ...(index === 0 ? { fill: colour('--hover') } : { dash: [4, 3] }),
            }),
          ),
        ],
      },
      latest.current as uPlot.AlignedData,
      element,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
    };
  }, [scheme]);
  useEffect(() => {
    plot.current?.setData(data as uPlot.AlignedData);
  }, [data]);
  return <div ref={host} className={classes.area} role="img" aria-label={label} />;
}
