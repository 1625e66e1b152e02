import { messageOf } from '@drover/base';
import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';

/** A page that could not be drawn: a defect of the UI, or a part of it that a newer build replaced. */
export function BrokenPage({ error }: ErrorComponentProps): ReactNode {
  return (
    <Page name="This page broke" title="This page broke">
      <Notice tone="bad" actions={<Button onClick={() => location.reload()}>Load it again</Button>}>
        <strong>The page could not be shown.</strong> {messageOf(error)} Nothing that runs is affected.
      </Notice>
    </Page>
  );
}
