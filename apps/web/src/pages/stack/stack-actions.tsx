import { disabledReason, type StackAction, type StackView } from '@drover/contract';
import { ActionIcon, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { api } from '../../api/client.ts';
import type { Command } from '../../app/command/command-store.ts';
import { useCommands } from '../../app/command/use-commands.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { IconDotsVertical } from '../../ui/icons.ts';
import { MenuChoice } from '../../ui/menu-choice.tsx';
import { notifyRefusal } from '../../ui/notify.ts';
import { RemoveDialog } from './remove-dialog.tsx';

/** What the buttons of a stack do; each is allowed or not by the contract's table. */
type Doing = { readonly action: StackAction; readonly words: string; readonly run: () => void };

type Started = { readonly deployment: { readonly id: string } };

/** Everything that can be done to a stack, as buttons, as a menu and in the palette. */
export function StackActions({ stack }: { readonly stack: StackView }): ReactNode {
  const { name, state } = stack;
  const navigate = useNavigate();
  const [removing, setRemoving] = useState(false);
  const operation = useMutation({
    mutationFn: ({ start }: { readonly action: StackAction; readonly start: () => Promise<Started> }) => start(),
    onError: (error, { action }) => notifyRefusal(`No ${action} of ${name}`, error),
  });
  const { mutate } = operation;

  const doings = useMemo((): Readonly<
    Record<'deploy' | 'restart' | 'stop' | 'start' | 'pull' | 'build' | 'remove', Doing>
  > => {
    const start = (action: StackAction, call: () => Promise<Started>) => () => mutate({ action, start: call });
    return {
      deploy: {
        action: 'deploy',
        words: 'Deploy…',
        run: () => void navigate({ to: '/stacks/$name/edit', params: { name } }),
      },
      restart: { action: 'restart', words: 'Restart', run: start('restart', () => api.stacks.restart({ name })) },
      stop: { action: 'stop', words: 'Stop', run: start('stop', () => api.stacks.stop({ name })) },
      start: { action: 'start', words: 'Start', run: start('start', () => api.stacks.start({ name })) },
      pull: { action: 'pull', words: 'Pull images', run: start('pull', () => api.stacks.pull({ name })) },
      build: { action: 'build', words: 'Build images', run: start('build', () => api.stacks.build({ name })) },
      remove: { action: 'remove', words: 'Remove…', run: () => setRemoving(true) },
    };
  }, [name, mutate, navigate]);

  useCommands(
    useMemo(
      () =>
        Object.values(doings).map(
          ({ action, words, run }): Command => ({
            id: `stack ${name} ${action}`,
            group: name,
            words,
            disabledReason: disabledReason(action, state),
            run,
          }),
        ),
      [doings, name, state],
    ),
  );
  const button = ({ action, words, run }: Doing): ReactNode => (
    <ActionButton
      key={action}
      disabledReason={disabledReason(action, state)}
      loading={operation.isPending && operation.variables.action === action}
      onClick={run}
    >
      {words}
    </ActionButton>
  );
  return (
    <>
      {button(doings.restart)}
      {state === 'stopped' ? button(doings.start) : button(doings.stop)}
      <Menu>
        <Menu.Target>
          <ActionIcon variant="default" aria-label="More actions">
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {[doings.start, doings.pull, doings.build].map((doing) => (
            <MenuChoice
              key={doing.action}
              words={doing.words}
              disabledReason={disabledReason(doing.action, state)}
              onChoose={doing.run}
            />
          ))}
          <Menu.Divider />
          <MenuChoice
            words={doings.remove.words}
            disabledReason={disabledReason('remove', state)}
            onChoose={doings.remove.run}
          />
        </Menu.Dropdown>
      </Menu>
      <ActionButton variant="filled" disabledReason={disabledReason('deploy', state)} onClick={doings.deploy.run}>
        Deploy…
      </ActionButton>
      <RemoveDialog stack={stack} opened={removing} onClose={() => setRemoving(false)} />
    </>
  );
}
