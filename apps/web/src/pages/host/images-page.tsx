import type { ImageView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, queries } from '../../api/client.ts';
import { Ago } from '../../ui/ago.tsx';
import type { Question } from '../../ui/confirm-about.tsx';
import { bytesWords } from '../../words/bytes.ts';
import { countWords } from '../../words/count.ts';
import classes from './host.module.css';
import { ListPage } from './list-page.tsx';

const columns = [
  { name: 'Image', skeleton: '12rem' },
  { name: 'Id', fit: true, skeleton: '6rem' },
  { name: 'Used by', fit: true, skeleton: '5rem' },
  { name: 'Size', align: 'right', fit: true, skeleton: '4rem' },
  { name: 'Made', fit: true, skeleton: '4rem' },
] as const;

/** The images on the host. */
export function ImagesPage(): ReactNode {
  const { data, error, refetch } = useQuery(queries.images.list.queryOptions());
  return (
    <ListPage
      title="Images"
      one="image"
      list={{ items: data as readonly ImageView[] | undefined, error, reload: () => void refetch() }}
      columns={columns}
      keyOf={({ id }) => id}
      wordsOf={({ id, tags }) => [id, ...tags]}
      cells={cells}
      reasonToKeep={({ containers }) =>
        containers > 0 ? `${countWords(containers, 'container')} of this host use it` : undefined
      }
      removal={removal}
    />
  );
}

function cells({ id, tags, containers, sizeBytes, createdAt }: ImageView): ReactNode {
  return (
    <>
      <td className={classes.mono}>
        {tags.length === 0 ? (
          <span className={classes.quiet}>no tag</span>
        ) : (
          tags.map((tag) => <div key={tag}>{tag}</div>)
        )}
      </td>
      <td className={classes.mono} data-fit title={id}>
        {id.replace('sha256:', '').slice(0, 12)}
      </td>
      <td data-fit>
        {containers > 0 ? countWords(containers, 'container') : <span className={classes.quiet}>nothing</span>}
      </td>
      <td data-align="right" data-fit>
        {bytesWords(sizeBytes)}
      </td>
      <td data-fit className={classes.quiet}>
        <Ago at={createdAt} />
      </td>
    </>
  );
}

function removal({ id, tags, sizeBytes }: ImageView): Question {
  return {
    title: 'Remove an image',
    confirmWords: 'Remove it',
    onConfirm: () => api.images.remove({ id }),
    text: (
      <p>
        <strong>{tags.join(', ') || id.slice(0, 19)}</strong> goes from this host, {bytesWords(sizeBytes)}. A deploy
        that needs it pulls or builds it again.
      </p>
    ),
  };
}
