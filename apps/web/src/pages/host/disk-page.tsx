import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, queries } from '../../api/client.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { Page } from '../../ui/page.tsx';
import { Skeleton, SkeletonRows } from '../../ui/skeleton.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { bytesWords } from '../../words/bytes.ts';
import { countWords } from '../../words/count.ts';
import classes from './host.module.css';

const kinds = [
  { key: 'images', words: 'Images' },
  { key: 'containers', words: 'Containers' },
  { key: 'volumes', words: 'Volumes' },
  { key: 'buildCache', words: 'Build cache' },
] as const;
const columns: readonly Column[] = [
  { name: 'What would go' },
  { name: 'Kind', fit: true },
  { name: 'Why' },
  { name: 'Size', align: 'right', fit: true },
];

/** What takes up the disk, and what could go. Volumes are never part of a prune. */
export function DiskPage(): ReactNode {
  const { data, error, refetch } = useQuery(queries.disk.usage.queryOptions());
  const preview = useQuery(queries.disk.prunePreview.queryOptions());
  const [asking, setAsking] = useState(false);
  const prune = useMutation({
    mutationFn: () => api.disk.prune({ confirm: preview.data?.confirm ?? '' }),
    onSuccess: ({ removed, kept, reclaimedBytes }) => {
      notifyDone(
        `${countWords(removed.length, 'thing')} removed, ${bytesWords(reclaimedBytes)} freed${kept.length > 0 ? `; ${kept.length} stayed because they are in use again` : ''}.`,
      );
      void refetch();
      void preview.refetch();
    },
  });
  const candidates = preview.data?.candidates;
  return (
    <Page name="Disk" title="Disk" about={<span>What the engine keeps on the disk of this host</span>}>
      {error !== null && <Failure of="the disk usage" error={error} retry={() => void refetch()} />}
      <dl className={classes.usage}>
        {kinds.map(({ key, words }) => {
          const usage = data?.[key];
          const share = usage && usage.sizeBytes > 0 ? 1 - usage.reclaimableBytes / usage.sizeBytes : 0;
          return (
            <div key={key} className={classes.card}>
              <dt>{words}</dt>
              <dd>{usage === undefined ? <Skeleton width="5rem" height="1.25rem" /> : bytesWords(usage.sizeBytes)}</dd>
              <small>
                {usage && `${usage.active} of ${usage.count} in use, ${bytesWords(usage.reclaimableBytes)} idle`}
              </small>
              <div className={classes.meter}>
                <span style={{ width: `${share * 100}%` }} />
              </div>
            </div>
          );
        })}
      </dl>
      <div className={classes.pruneHead}>
        <div>
          <h2>Prune</h2>
          <p>Nothing that runs, no image that a kept revision needs, and never a volume.</p>
        </div>
        <ActionButton
          disabledReason={
            candidates === undefined
              ? 'what could go is being looked for'
              : candidates.length === 0
                ? 'there is nothing to remove'
                : undefined
          }
          onClick={() => setAsking(true)}
        >
          Prune {preview.data && bytesWords(preview.data.reclaimableBytes)}…
        </ActionButton>
      </div>
      {preview.error !== null && (
        <Failure of="what could go" error={preview.error} retry={() => void preview.refetch()} />
      )}
      {candidates?.length === 0 ? (
        <Notice tone="good">Everything on the disk is in use or kept for a rollback.</Notice>
      ) : (
        <Table label="What a prune would remove" columns={columns}>
          {candidates === undefined ? (
            <SkeletonRows rows={4} widths={['12rem', '4rem', '10rem', '4rem']} />
          ) : (
            candidates.map(({ kind, id, name, reason, sizeBytes }) => (
              <tr key={`${kind} ${id}`}>
                <td className={classes.mono}>{name}</td>
                <td data-fit>{kind.replace('-', ' ')}</td>
                <td>{reason}</td>
                <td data-align="right" data-fit>
                  {bytesWords(sizeBytes)}
                </td>
              </tr>
            ))
          )}
        </Table>
      )}
      <ConfirmDialog
        opened={asking}
        title="Prune"
        confirmWords={`Remove ${countWords(candidates?.length ?? 0, 'thing')}`}
        onConfirm={() => prune.mutateAsync()}
        onClose={() => setAsking(false)}
      >
        <p>
          Exactly what the list shows goes: {countWords(candidates?.length ?? 0, 'thing')},{' '}
          {bytesWords(preview.data?.reclaimableBytes ?? 0)}. No volume is among it.
        </p>
      </ConfirmDialog>
    </Page>
  );
}
