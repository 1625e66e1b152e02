import type { RevisionView } from '@drover/contract';
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queries } from '../../../api/client.ts';
import { Failure } from '../../../ui/failure.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import classes from './history-page.module.css';

type Props = { readonly name: string; readonly revision: RevisionView | undefined; readonly onClose: () => void };

/** The files that a revision was made from. */
export function RevisionFiles({ name, revision, onClose }: Props): ReactNode {
  const { data, error } = useQuery(
    queries.stacks.revisionSource.queryOptions({
      input: { name, revision: revision?.number ?? 0 },
      enabled: revision !== undefined,
    }),
  );
  return (
    <Modal
      opened={revision !== undefined}
      onClose={onClose}
      title={`Files of revision ${revision?.number}`}
      size="48rem"
    >
      {error !== null && <Failure of="the files" error={error} />}
      {data === undefined && error === null && <Skeleton width="20rem" />}
      <div className={classes.files}>
        {data?.source.files.map(({ path, text, editable }) => (
          <section key={path}>
            <h3>{path}</h3>
            {editable ? <pre>{text}</pre> : <p className={classes.quiet}>binary or large</p>}
          </section>
        ))}
      </div>
    </Modal>
  );
}
