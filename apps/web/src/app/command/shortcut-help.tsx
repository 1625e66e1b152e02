import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { KeyCaps } from './key-caps.tsx';
import classes from './shortcut-help.module.css';
import { useCommandList } from './use-commands.ts';

/** The shortcuts that work on the page on show. */
export function ShortcutHelp({
  opened,
  onClose,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const commands = useCommandList().filter(({ keys }) => keys !== undefined);
  const groups = Map.groupBy(commands, ({ group }) => group);
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="34rem">
      <div className={classes.groups}>
        {[...groups].map(([group, members]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl className={classes.list}>
              {members.map(({ id, words, keys }) => (
                <div key={id}>
                  <dt>{words}</dt>
                  <dd>{keys !== undefined && <KeyCaps keys={keys} />}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
