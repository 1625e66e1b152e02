import './app/theme/tokens.css';
import './app/theme/base.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './app/theme/mantine.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveEvents } from './api/live-events.ts';
import { createQueryClient } from './api/query-client.ts';
import { CommandStore } from './app/command/command-store.ts';
import { CommandContext } from './app/command/use-commands.ts';
import { createAppRouter } from './app/router.tsx';
import { LiveContext } from './app/session/live-context.ts';
import { SessionGate } from './app/session/session-gate.tsx';
import { signInCodeIn } from './app/session/sign-in-code.ts';
import { colourManager } from './app/shell/colours.ts';
import { theme } from './app/theme/theme.ts';

const signInCode = signInCodeIn(location.hash);
// The code is good once; it must not stay in the address, the history or a bookmark.
if (signInCode !== undefined) history.replaceState(null, '', location.pathname);

const queryClient = createQueryClient();
const live = new LiveEvents(queryClient);
const commands = new CommandStore();
const router = createAppRouter();
addEventListener('keydown', commands.onKeyDown);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} colorSchemeManager={colourManager} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} autoClose={6000} />
      <QueryClientProvider client={queryClient}>
        <LiveContext value={live}>
          <CommandContext value={commands}>
            <SessionGate live={live} signInCode={signInCode}>
              <RouterProvider router={router} />
            </SessionGate>
          </CommandContext>
        </LiveContext>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
