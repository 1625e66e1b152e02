import type { ContainerView } from '@drover/contract';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Notice } from '../../../ui/notice.tsx';
import { bytesWords } from '../../../words/bytes.ts';
import { countWords } from '../../../words/count.ts';
import { useContainer } from '../container-layout.tsx';
import { Plot } from './plot.tsx';
import classes from './plots-page.module.css';
import { useStats } from './use-stats.ts';

const percent = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;
const rate = (value: number): string => `${bytesWords(value)}/s`;

/** Processor, memory and network of a container, live. */
export function PlotsPage(): ReactNode {
  const { id } = useParams({ from: '/containers/$id' });
  const { data } = useContainer(id);
  const container = data?.container as ContainerView | undefined;
  const runs = container?.state === 'running';
  const { cpu, memory, network, last } = useStats(id, runs);
  return (
    <>
      {container !== undefined && !runs && (
        <Notice tone="idle">
          <strong>It does not run,</strong> so there is nothing to measure. The plots go on when it does.
        </Notice>
      )}
      <div className={classes.plots}>
        <section className={classes.plot}>
          <div className={classes.head}>
            <h2>Processor</h2>
            <span className={classes.value}>{last && percent(last.cpuPercent)}</span>
            <span className={classes.unit}>of one core</span>
          </div>
          <Plot label="Processor over time" data={cpu} format={percent} atLeast={5} names={['processor']} />
        </section>
        <section className={classes.plot}>
          <div className={classes.head}>
            <h2>Memory</h2>
            <span className={classes.value}>{last && bytesWords(last.memoryBytes)}</span>
            <span className={classes.unit}>{last && `of ${bytesWords(last.memoryLimitBytes)}`}</span>
          </div>
          <Plot label="Memory over time" data={memory} format={bytesWords} atLeast={1_000_000} names={['memory']} />
        </section>
        <section className={classes.plot}>
          <div className={classes.head}>
            <h2>Network</h2>
            <span>
              <span className={classes.key} />
              in {last && rate(last.networkRxRate)}
            </span>
            <span>
              <span className={classes.key} data-dashed />
              out {last && rate(last.networkTxRate)}
            </span>
          </div>
          <Plot label="Network over time" data={network} format={rate} atLeast={1000} names={['in', 'out']} />
        </section>
      </div>
      <dl className={classes.facts}>
        <Fact name="Received" value={last && bytesWords(last.networkRxBytes)} />
        <Fact name="Sent" value={last && bytesWords(last.networkTxBytes)} />
        <Fact name="Read from disk" value={last && bytesWords(last.blockReadBytes)} />
        <Fact name="Written to disk" value={last && bytesWords(last.blockWriteBytes)} />
        <Fact name="Processes" value={last && countWords(last.pids, 'process', 'processes')} />
      </dl>
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string | undefined }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? '–'}</dd>
    </div>
  );
}
