import type { HostView } from '@drover/contract';
import type { ReactNode } from 'react';
import { Ago } from '../../ui/ago.tsx';
import { lastSeen } from './host-look.ts';

/** When something was last heard of a host, kept true. */
export function LastSeen({ host }: { readonly host: HostView }): ReactNode {
  const seen = lastSeen(host);
  return typeof seen === 'string' ? seen : <Ago at={seen.at} />;
}
