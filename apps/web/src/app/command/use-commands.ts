import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import type { Command, CommandStore } from './command-store.ts';

export const CommandContext = createContext<CommandStore | undefined>(undefined);

function useCommandStore(): CommandStore {
  const store = useContext(CommandContext);
  if (store === undefined) throw new Error('no command store above this component');
  return store;
}

/** Puts commands forward while the component is on show. The caller memoises the array. */
export function useCommands(commands: readonly Command[]): void {
  const store = useCommandStore();
  useEffect(() => store.add(commands), [store, commands]);
}

/** Everything that can be done from here. */
export function useCommandList(): readonly Command[] {
  const store = useCommandStore();
  return useSyncExternalStore(store.subscribe, store.list);
}
