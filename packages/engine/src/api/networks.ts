import type { CallOptions, Filters } from '../call-options.ts';
import type { EndpointSettings, NetworkCreateBody, NetworkInspect, NetworkSummary } from '../model/network.ts';
import type { PruneReport } from '../model/system.ts';

/** The networks of one engine. `network` is an id or a name; names need not be unique, so prefer ids. */
export interface EngineNetworks {
  list(options?: CallOptions & { readonly filters?: Filters }): Promise<readonly NetworkSummary[]>;
  inspect(network: string, options?: CallOptions & { readonly verbose?: boolean }): Promise<NetworkInspect>;
  /** Fails `conflict` when a network of the name exists. */
  create(body: NetworkCreateBody, options?: CallOptions): Promise<{ readonly Id: string; readonly Warning: string }>;
  connect(network: string, container: string, endpoint?: EndpointSettings, options?: CallOptions): Promise<void>;
  disconnect(network: string, container: string, options?: CallOptions & { readonly force?: boolean }): Promise<void>;
  /** Fails `forbidden` (older) or `conflict` while containers are attached. */
  remove(network: string, options?: CallOptions): Promise<void>;
  prune(options?: CallOptions & { readonly filters?: Filters }): Promise<PruneReport>;
}
