import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queries } from '../../../api/client.ts';
import { Failure } from '../../../ui/failure.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { bytesWords } from '../../../words/bytes.ts';
import { Facts } from '../one/facts.tsx';
import { Unknown } from '../unknown.tsx';

/** What the environment of this server is: its own engine, without an agent. */
export function LocalHost(): ReactNode {
  const { data, error, refetch } = useQuery(queries.system.info.queryOptions());
  const engine = data?.engine;
  const told = (words: string | number | undefined): ReactNode =>
    engine === undefined ? <Skeleton width="7rem" /> : (words ?? <Unknown />);
  return (
    <Page name="Hosts" title="Hosts" about={<span>This server’s own engine</span>}>
      <Notice tone="idle">
        <strong>The environment local is the engine of this server.</strong> Drover reaches it without an agent, and no
        other host can join it. To run on other machines, <Link to="/environments">make an environment</Link> and add
        hosts to it.
      </Notice>
      {error !== null && <Failure of="the engine" error={error} retry={() => void refetch()} />}
      <Facts
        label="This engine"
        facts={[
          ['Machine', told(engine?.name)],
          ['Docker', told(engine?.version)],
          ['API', told(engine?.apiVersion)],
          ['Reached at', told(engine?.endpoint)],
          ['System', told(engine?.operatingSystem)],
          ['CPUs', told(engine?.cpus)],
          ['Memory', told(engine?.memoryBytes === undefined ? undefined : bytesWords(engine.memoryBytes))],
        ]}
      />
    </Page>
  );
}
