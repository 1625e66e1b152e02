import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { IconCheck, IconDotsVertical } from '../../ui/icons.ts';
import { useCommandList } from '../command/use-commands.ts';
import { colourChoices } from './colours.ts';

/** The menu at the foot of the sidebar: colours, shortcuts, the way out. */
export function Preferences(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const commands = useCommandList();
  const run = (id: string) => () => commands.find((command) => command.id === id)?.run();
  return (
    <Menu position="top-end" width={200}>
      <Menu.Target>
        <ActionIcon aria-label="Preferences">
          <IconDotsVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Colours</Menu.Label>
        {colourChoices.map(({ value, words }) => (
          <Menu.Item
            key={value}
            onClick={() => setColorScheme(value)}
            rightSection={colorScheme === value && <IconCheck size={14} aria-label="chosen" />}
          >
            {words}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={run('shortcuts')}>Keyboard shortcuts</Menu.Item>
        <Menu.Item onClick={run('sign-out')}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
