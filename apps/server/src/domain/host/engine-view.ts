import type { SystemView } from '@drover/contract';
import type { Host } from './host.ts';

/** The engine of a host as the API shows it. */
export function engineView({ state, endpoint, sharesFiles }: Host): SystemView['engine'] {
  if (state.state === 'unreachable') return { endpoint, sharesFiles, state: 'unreachable', reason: state.reason };
  const { info, apiVersion } = state;
  return {
    endpoint,
    sharesFiles,
    state: 'connected',
    version: info.ServerVersion,
    apiVersion,
    name: info.Name,
    cpus: info.NCPU,
    memoryBytes: info.MemTotal,
    operatingSystem: info.OperatingSystem,
  };
}
