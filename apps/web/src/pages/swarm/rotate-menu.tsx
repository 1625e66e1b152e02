import { Menu } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { api } from '../../api/client.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { ConfirmAbout } from '../../ui/confirm-about.tsx';
import { MenuChoice } from '../../ui/menu-choice.tsx';
import { notifyDone } from '../../ui/notify.ts';

const tokens = [
  {
    token: 'worker-token',
    words: 'Worker token',
    what: 'Workers that join by hand need the new one. Nodes that are there stay.',
  },
  {
    token: 'manager-token',
    words: 'Manager token',
    what: 'Managers that join by hand need the new one. Nodes that are there stay.',
  },
  {
    token: 'unlock-key',
    words: 'Unlock key',
    what: 'Drover keeps the new one sealed and unlocks managers with it. A copy that somebody wrote down is worth nothing any more.',
  },
] as const;

/** Makes a token or the unlock key of the Swarm anew, after it said what that does. */
export function RotateMenu({
  disabledReason,
  autolock,
}: {
  readonly disabledReason: string | undefined;
  readonly autolock: boolean;
}): ReactNode {
  const [asking, setAsking] = useState<(typeof tokens)[number]>();
  const button = <ActionButton disabledReason={disabledReason}>Rotate…</ActionButton>;
  return (
    <>
      {disabledReason !== undefined ? (
        button
      ) : (
        <Menu width={220}>
          <Menu.Target>{button}</Menu.Target>
          <Menu.Dropdown>
            {tokens.map((each) => (
              <MenuChoice
                key={each.token}
                words={`${each.words}…`}
                disabledReason={
                  each.token === 'unlock-key' && !autolock ? 'the Swarm has none: autolock is off' : undefined
                }
                onChoose={() => setAsking(each)}
              />
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <ConfirmAbout
        subject={asking}
        ask={({ token, words, what }) => ({
          title: `Make the ${words.toLowerCase()} anew`,
          confirmWords: 'Make it anew',
          onConfirm: async () => {
            await api.cluster.rotate({ token });
            notifyDone(`The ${words.toLowerCase()} is made anew as soon as a manager can be asked.`);
          },
          text: <p>{what}</p>,
        })}
        onClose={() => setAsking(undefined)}
      />
    </>
  );
}
