import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api, queries } from '../../api/client.ts';
import { environment } from '../../api/environment.ts';
import { sameRoomIn } from '../../api/environment-address.ts';
import { writeToken } from '../../api/token.ts';
import type { Command } from '../command/command-store.ts';
import { useCommands } from '../command/use-commands.ts';
import { colourChoices } from './colours.ts';

/** The commands that are there on every page: where to go, colours, the way out. */
export function useShellCommands(): void {
  const router = useRouter();
  const { setColorScheme } = useMantineColorScheme();
  const { data: stacks } = useQuery(queries.stacks.list.queryOptions());
  const { data: environments } = useQuery(queries.environments.list.queryOptions());
  useCommands(
    useMemo((): readonly Command[] => {
      const go = (to: string) => () => void router.navigate({ to });
      const page = (to: string, words: string, keys?: string): Command => ({
        id: `go ${to}`,
        group: 'Go to',
        words,
        ...(keys === undefined ? {} : { keys }),
        run: go(to),
      });
      return [
        page('/stacks', 'Stacks', 'g s'),
        page('/stacks/new', 'New stack', 'n'),
        page('/hosts', 'Hosts', 'g h'),
        page('/host/containers', 'Containers', 'g c'),
        page('/host/images', 'Images', 'g i'),
        page('/host/networks', 'Networks', 'g n'),
        page('/host/volumes', 'Volumes', 'g v'),
        page('/host/disk', 'Disk usage and prune', 'g d'),
        page('/host/registries', 'Registries', 'g r'),
        page('/environments', 'Environments', 'g e'),
        ...(stacks ?? []).map(
          ({ name }): Command => ({
            id: `stack ${name}`,
            group: 'Stack',
            words: name,
            run: go(`/stacks/${name}`),
          }),
        ),
        ...(environments ?? [])
          .filter(({ name }) => name !== environment)
          .map(
            ({ name }): Command => ({
              id: `environment ${name}`,
              group: 'Environment',
              words: name,
              run: () => location.assign(sameRoomIn(name, router.state.location.pathname)),
            }),
          ),
        ...colourChoices.map(
          ({ value, words }): Command => ({
            id: `colours ${value}`,
            group: 'Colours',
            words: `${words}`,
            run: () => setColorScheme(value),
          }),
        ),
        { id: 'sign-out', group: 'General', words: 'Sign out', run: () => void signOut() },
      ];
    }, [router, stacks, environments, setColorScheme]),
  );
}

/** Ends the session on the server; where that fails, at least here. */
async function signOut(): Promise<void> {
  try {
    await api.session.end();
  } catch {
    // The server is away or ended it before; the token is forgotten all the same.
  }
  writeToken(undefined);
}
