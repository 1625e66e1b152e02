import type { HostFacts } from '@drover/compose';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../../../api/client.ts';

/** What the page knows of the engine, as far as verdicts depend on it; nothing while it cannot be reached. */
export function useEngineFacts(): HostFacts {
  const { data } = useQuery(queries.system.info.queryOptions());
  const apiVersion = data?.engine.apiVersion;
  return useMemo(() => (apiVersion === undefined ? {} : { apiVersion }), [apiVersion]);
}
