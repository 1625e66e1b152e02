import { Kbd } from '@mantine/core';
import type { ReactNode } from 'react';
import { keyCaps } from './shortcut.ts';

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** A shortcut as key caps. */
export function KeyCaps({ keys }: { readonly keys: string }): ReactNode {
  return (
    <span style={{ display: 'inline-flex', gap: '0.1875rem', whiteSpace: 'nowrap' }}>
      {keyCaps(keys, isMac).map((cap, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same cap may come twice
        <Kbd key={index} size="xs">
          {cap}
        </Kbd>
      ))}
    </span>
  );
}
