import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect, useMemo } from 'react';
import { environment } from '../../api/environment.ts';
import { localEnvironment } from '../../api/environment-address.ts';
import { IconMenu2, IconSearch } from '../../ui/icons.ts';
import { Palette } from '../command/palette.tsx';
import { ShortcutHelp } from '../command/shortcut-help.tsx';
import { useCommands } from '../command/use-commands.ts';
import { EnvironmentGate } from './environment-gate.tsx';
import classes from './shell.module.css';
import { Sidebar } from './sidebar.tsx';
import { useShellCommands } from './use-shell-commands.ts';

/** What stands around every page. */
export function Shell(): ReactNode {
  const [paletteOpened, palette] = useDisclosure();
  const [helpOpened, help] = useDisclosure();
  const [drawerOpened, drawer] = useDisclosure();
  const { pathname } = useLocation();

  useShellCommands();
  useCommands(
    useMemo(
      () => [
        { id: 'palette', group: 'General', words: 'Command palette', keys: 'mod+k', silent: true, run: palette.toggle },
        { id: 'shortcuts', group: 'General', words: 'Keyboard shortcuts', keys: '?', run: help.open },
      ],
      [palette, help],
    ),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the drawer that led to it
  useEffect(() => {
    drawer.close();
  }, [pathname]);

  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      <aside className={classes.sidebar}>
        <Sidebar onSearch={palette.open} />
      </aside>
      <div className={classes.topbar}>
        <ActionIcon aria-label="Rooms" onClick={drawer.open}>
          <IconMenu2 size={18} />
        </ActionIcon>
        <span className={classes.whereabouts}>
          {environment === localEnvironment ? 'Drover' : `Drover · ${environment}`}
        </span>
        <ActionIcon aria-label="Go to…" onClick={palette.open}>
          <IconSearch size={18} />
        </ActionIcon>
      </div>
      <main id="main" tabIndex={-1} className={classes.main}>
        <EnvironmentGate>
          <Outlet />
        </EnvironmentGate>
      </main>
      <Drawer
        opened={drawerOpened}
        onClose={drawer.close}
        size="15rem"
        padding={0}
        withCloseButton={false}
        aria-label="Rooms"
        styles={{ body: { height: '100%' } }}
      >
        <Sidebar
          onSearch={() => {
            drawer.close();
            palette.open();
          }}
        />
      </Drawer>
      <Palette opened={paletteOpened} onClose={palette.close} />
      <ShortcutHelp opened={helpOpened} onClose={help.close} />
    </div>
  );
}
