import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LiveEvents, LiveState } from '../../api/live-events.ts';

export const LiveContext = createContext<LiveEvents | undefined>(undefined);

/** Whether what is on show follows the server. */
export function useLiveState(): LiveState {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error('no event stream above this component');
  return useSyncExternalStore(live.subscribe, () => live.state);
}
