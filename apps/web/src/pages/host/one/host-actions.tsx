import { type EnvironmentKind, type HostAction, type HostView, hostDisabledReason } from '@drover/contract';
import { ActionIcon, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { api } from '../../../api/client.ts';
import type { Command } from '../../../app/command/command-store.ts';
import { useCommands } from '../../../app/command/use-commands.ts';
import { ActionButton } from '../../../ui/action-button.tsx';
import { IconDotsVertical } from '../../../ui/icons.ts';
import { MenuChoice } from '../../../ui/menu-choice.tsx';
import { notifyRefusal } from '../../../ui/notify.ts';
import { DrainDialog } from '../../swarm/drain/drain-dialog.tsx';
import { AddHostDialog } from '../join/add-host-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { UpgradeDialog } from './upgrade-dialog.tsx';

type Asking = 'drain' | 'rename' | 'upgrade' | 'replace' | 'remove';
type Doing = {
  readonly action: HostAction;
  readonly words: string;
  readonly disabledReason: string | undefined;
  readonly run: () => void;
};

/** Everything that can be done to a host, as buttons, as a menu and in the palette; placing tasks only where there is a Swarm. */
export function HostActions({ host, kind }: { readonly host: HostView; readonly kind: EnvironmentKind }): ReactNode {
  const { id, name, state, upgradable } = host;
  const [asking, setAsking] = useState<Asking>();
  const placing = useMutation({
    mutationFn: (action: 'cordon' | 'activate') => api.cluster[action]({ host: id }),
    onError: (error, action) => notifyRefusal(`No ${action} of ${name}`, error),
  });
  const { mutate } = placing;
  const doings = useMemo((): Readonly<Record<'drain' | 'cordon' | 'activate' | Asking, Doing>> => {
    const doing = (action: HostAction, words: string, run: () => void, also?: string): Doing => ({
      action,
      words,
      disabledReason: hostDisabledReason(action, state) ?? also,
      run,
    });
    const ask = (what: Asking) => () => setAsking(what);
    return {
      drain: doing('drain', 'Drain…', ask('drain')),
      cordon: doing('cordon', 'Cordon', () => mutate('cordon')),
      activate: doing('activate', 'Activate', () => mutate('activate')),
      rename: doing('rename', 'Rename…', ask('rename')),
      upgrade: doing(
        'upgrade',
        'Upgrade the agent…',
        ask('upgrade'),
        upgradable ? undefined : 'its agent is this server’s build already',
      ),
      replace: doing('replace', 'Put another machine in its place…', ask('replace')),
      remove: doing('remove', 'Remove…', ask('remove')),
    };
  }, [state, upgradable, mutate]);
  const placed = kind === 'swarm' ? [doings.cordon, doings.activate, doings.drain] : [];
  const others = [doings.rename, doings.upgrade, doings.replace];
  useCommands(
    useMemo(
      () =>
        Object.values(doings)
          .filter(({ action }) => kind === 'swarm' || !['drain', 'cordon', 'activate'].includes(action))
          .map(
            ({ action, words, disabledReason, run }): Command => ({
              id: `host ${name} ${action}`,
              group: name,
              words,
              disabledReason,
              run,
            }),
          ),
      [doings, name, kind],
    ),
  );
  const close = (): void => setAsking(undefined);
  return (
    <>
      {placed.map(({ action, words, disabledReason, run }) => (
        <ActionButton
          key={action}
          disabledReason={disabledReason}
          loading={placing.isPending && placing.variables === action}
          onClick={run}
        >
          {words}
        </ActionButton>
      ))}
      <Menu width={260}>
        <Menu.Target>
          <ActionIcon variant="default" aria-label="More actions">
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {others.map(({ action, words, disabledReason, run }) => (
            <MenuChoice key={action} words={words} disabledReason={disabledReason} onChoose={run} />
          ))}
          <Menu.Divider />
          <MenuChoice
            words={doings.remove.words}
            disabledReason={doings.remove.disabledReason}
            onChoose={doings.remove.run}
          />
        </Menu.Dropdown>
      </Menu>
      <DrainDialog host={host} opened={asking === 'drain'} onClose={close} />
      <RenameDialog host={host} opened={asking === 'rename'} onClose={close} />
      <UpgradeDialog hosts={[host]} opened={asking === 'upgrade'} onClose={close} />
      <AddHostDialog kind={kind} replaces={host} opened={asking === 'replace'} onClose={close} />
      <RemoveDialog host={host} kind={kind} opened={asking === 'remove'} onClose={close} />
    </>
  );
}
