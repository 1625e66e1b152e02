import type { ImageView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, queries } from '../../api/client.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Ago } from '../../ui/ago.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { bytesWords } from '../../words/bytes.ts';
import { countWords } from '../../words/count.ts';
import classes from './host.module.css';
import { useFilter } from './use-filter.tsx';

const columns: readonly Column[] = [
  { name: 'Image' },
  { name: 'Id', fit: true },
  { name: 'Used by', fit: true },
  { name: 'Size', align: 'right', fit: true },
  { name: 'Made', fit: true },
  { name: 'Action', silent: true, fit: true },
];

/** The images on the host. */
export function ImagesPage(): ReactNode {
  const { data, error, refetch } = useQuery(queries.images.list.queryOptions());
  const { field, matches } = useFilter('Images');
  const [removing, setRemoving] = useState<ImageView>();
  const all = data as readonly ImageView[] | undefined;
  return (
    <Page
      name="Images"
      title="Images"
      about={<span>{all === undefined ? '\u00a0' : countWords(all.length, 'image')}</span>}
      actions={field}
    >
      {error !== null && <Failure of="the images" error={error} retry={() => void refetch()} />}
      <Table label="Images" columns={columns}>
        {all === undefined ? (
          <SkeletonRows rows={6} widths={['12rem', '6rem', '5rem', '4rem', '4rem', '4rem']} />
        ) : (
          all
            .filter(({ tags, id }) => matches(id, ...tags))
            .map((image) => (
              <tr key={image.id}>
                <td className={classes.mono}>
                  {image.tags.length === 0 ? (
                    <span className={classes.quiet}>no tag</span>
                  ) : (
                    image.tags.map((tag) => <div key={tag}>{tag}</div>)
                  )}
                </td>
                <td className={classes.mono} data-fit title={image.id}>
                  {image.id.replace('sha256:', '').slice(0, 12)}
                </td>
                <td data-fit>
                  {image.containers > 0 ? (
                    countWords(image.containers, 'container')
                  ) : (
                    <span className={classes.quiet}>nothing</span>
                  )}
                </td>
                <td data-align="right" data-fit>
                  {bytesWords(image.sizeBytes)}
                </td>
                <td data-fit className={classes.quiet}>
                  <Ago at={image.createdAt} />
                </td>
                <td data-fit>
                  <ActionButton
                    size="compact-xs"
                    disabledReason={
                      image.containers > 0
                        ? `${countWords(image.containers, 'container')} of this host use it`
                        : undefined
                    }
                    onClick={() => setRemoving(image)}
                  >
                    Remove…
                  </ActionButton>
                </td>
              </tr>
            ))
        )}
      </Table>
      <ConfirmDialog
        opened={removing !== undefined}
        title="Remove an image"
        confirmWords="Remove it"
        onConfirm={() => api.images.remove({ id: removing?.id ?? '' })}
        onClose={() => setRemoving(undefined)}
      >
        <p>
          <strong>{removing?.tags.join(', ') || removing?.id.slice(0, 19)}</strong> goes from this host,{' '}
          {bytesWords(removing?.sizeBytes ?? 0)}. A deploy that needs it pulls or builds it again.
        </p>
      </ConfirmDialog>
    </Page>
  );
}
