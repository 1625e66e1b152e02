import { disabledReason, type RevisionView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { queries } from '../../../api/client.ts';
import { ActionButton } from '../../../ui/action-button.tsx';
import { Ago } from '../../../ui/ago.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { imageWords } from '../services/image-words.ts';
import { useStack } from '../use-stack.ts';
import { Deployments } from './deployments.tsx';
import classes from './history-page.module.css';
import { RevisionFiles } from './revision-files.tsx';
import { RollbackDialog } from './rollback-dialog.tsx';

const columns: readonly Column[] = [
  { name: 'Revision' },
  { name: 'Images' },
  { name: 'Made', fit: true },
  { name: 'Action', silent: true, fit: true },
];

/** The revisions of a stack, each of which can be returned to, and the deployments that brought them about. */
export function HistoryPage(): ReactNode {
  const { name } = useParams({ from: '/stacks/$name' });
  const { data: stack } = useStack(name);
  const { data, error, refetch } = useQuery(queries.stacks.revisions.queryOptions({ input: { name } }));
  const [target, setTarget] = useState<RevisionView>();
  const [reading, setReading] = useState<RevisionView>();
  const blocked = stack && disabledReason('rollback', stack.state);
  const reasonFor = (revision: RevisionView): string | undefined =>
    blocked ??
    (revision.serving
      ? 'it serves now'
      : revision.restorable
        ? undefined
        : 'its images are gone from the engine, so it cannot be brought back as it was');
  return (
    <div className={classes.columns}>
      <section aria-label="Revisions">
        <h2>Revisions</h2>
        {error !== null && <Failure of="the revisions" error={error} retry={() => void refetch()} />}
        {data?.length === 0 ? (
          <Notice tone="idle">The first deploy makes the first revision.</Notice>
        ) : (
          <Table label={`Revisions of ${name}`} columns={columns}>
            {data === undefined ? (
              <SkeletonRows rows={4} widths={['5rem', '9rem', '3rem', '7rem']} />
            ) : (
              data.map((revision) => (
                <tr key={revision.number}>
                  <td>
                    <span className={classes.number}>
                      {revision.number}
                      {revision.serving && <span className={classes.serving}>serves</span>}
                    </span>
                    <div className={classes.quiet}>{revision.origin}</div>
                    {revision.accepted.length > 0 && (
                      <div className={classes.quiet}>without {revision.accepted.join(', ')}</div>
                    )}
                  </td>
                  <td className={classes.images}>
                    {revision.images.slice(0, 4).map(({ service, ref }) => (
                      <div key={service} title={`${service}: ${ref}`}>
                        {imageText(ref)}
                      </div>
                    ))}
                    {revision.images.length > 4 && (
                      <div className={classes.quiet}>and {revision.images.length - 4} more</div>
                    )}
                  </td>
                  <td data-fit className={classes.quiet}>
                    <Ago at={revision.createdAt} />
                  </td>
                  <td data-fit>
                    <span style={{ display: 'inline-flex', gap: '0.375rem' }}>
                      <ActionButton size="compact-xs" variant="subtle" onClick={() => setReading(revision)}>
                        Files
                      </ActionButton>
                      <ActionButton
                        size="compact-xs"
                        disabledReason={reasonFor(revision)}
                        onClick={() => setTarget(revision)}
                      >
                        Roll back…
                      </ActionButton>
                    </span>
                  </td>
                </tr>
              ))
            )}
          </Table>
        )}
      </section>
      {data !== undefined && <Deployments name={name} limit={50} />}
      <RollbackDialog name={name} revision={target} onClose={() => setTarget(undefined)} />
      <RevisionFiles name={name} revision={reading} onClose={() => setReading(undefined)} />
    </div>
  );
}

function imageText(ref: string): string {
  const { name, tag } = imageWords(ref);
  return tag === '' ? name : `${name}:${tag}`;
}
