import type { ContainerView } from '@drover/contract';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';
import { api } from '../../api/client.ts';
import { LogViewer } from '../../log/log-viewer.tsx';
import type { LogRequest } from '../../log/use-log-stream.ts';
import { useContainer } from './container-layout.tsx';

/** The log of one container. */
export function ContainerLogsPage(): ReactNode {
  const { id } = useParams({ from: '/containers/$id' });
  const { data } = useContainer(id);
  const open = useCallback(
    (request: LogRequest, signal: AbortSignal) =>
      api.containers.logs({ id, follow: true, timestamps: true, ...request }, { signal }),
    [id],
  );
  const container = data?.container as ContainerView | undefined;
  // A container that runs again, or another one under its name, goes on with its log.
  const round = `${container?.id ?? ''} ${container?.state === 'running'}`;
  return <LogViewer name={id} open={open} round={round} labels={false} />;
}
