import { Menu, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

/** A choice of a menu that, when it cannot be made, stays reachable and says why. */
export function MenuChoice({
  words,
  disabledReason,
  onChoose,
}: {
  readonly words: string;
  readonly disabledReason: string | undefined;
  readonly onChoose: () => void;
}): ReactNode {
  if (disabledReason === undefined) return <Menu.Item onClick={onChoose}>{words}</Menu.Item>;
  return (
    <Tooltip label={disabledReason} position="left">
      <Menu.Item data-disabled aria-disabled closeMenuOnClick={false}>
        {words}
        <span className="visually-hidden">: {disabledReason}</span>
      </Menu.Item>
    </Tooltip>
  );
}
