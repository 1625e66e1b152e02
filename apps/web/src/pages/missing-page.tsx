import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../ui/page.tsx';

/** There is nothing at this address. */
export function MissingPage(): ReactNode {
  return (
    <Page name="No such page" title="There is nothing here">
      <p>
        No page has this address. <Link to="/stacks">Go to the stacks</Link>
      </p>
    </Page>
  );
}
