import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import type { LiveEvents } from '../../api/live-events.ts';
import { readToken, watchToken } from '../../api/token.ts';
import { SignInPage } from '../../pages/sign-in/sign-in-page.tsx';

/** Shows the application to who is signed in, and the sign-in page to anybody else. The event stream lives as long as the session. */
export function SessionGate({
  live,
  signInCode,
  children,
}: {
  readonly live: LiveEvents;
  readonly signInCode: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const queryClient = useQueryClient();
  const token = useSyncExternalStore(watchToken, readToken);
  useEffect(() => {
    if (token === undefined) return;
    live.start();
    return () => {
      live.stop();
      queryClient.clear();
    };
  }, [token, live, queryClient]);
  return token === undefined ? <SignInPage code={signInCode} /> : children;
}
