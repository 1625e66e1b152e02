const key = 'drover.token';
const listeners = new Set<() => void>();

/** The bearer token of this browser: in origin-scoped storage, never in a cookie (cookies ignore ports). */
export function readToken(): string | undefined {
  return localStorage.getItem(key) ?? undefined;
}

/** Keeps the token, or forgets it, and tells who listens. */
export function writeToken(token: string | undefined): void {
  if (token === undefined) localStorage.removeItem(key);
  else localStorage.setItem(key, token);
  for (const listener of listeners) listener();
}

/** Calls back when the token comes or goes, also by another tab; returns how to stop that. */
export function watchToken(listener: () => void): () => void {
  const onStorage = (event: StorageEvent): void => {
    if (event.key === key || event.key === null) listener();
  };
  listeners.add(listener);
  addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', onStorage);
  };
}
