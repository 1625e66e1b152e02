import { type ReactNode, useState } from 'react';
import { ActionButton } from '../../ui/action-button.tsx';
import { ConfirmAbout, type Question } from '../../ui/confirm-about.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { countWords } from '../../words/count.ts';
import { useFilter } from './use-filter.tsx';

interface Props<Item> {
  /** In the plural, with a capital; `one` is a single one, without. */
  readonly title: string;
  readonly one: string;
  readonly list: {
    readonly items: readonly Item[] | undefined;
    readonly error: Error | null;
    readonly reload: () => void;
  };
  /** All but the one with the action. */
  readonly columns: readonly (Column & { readonly skeleton: string })[];
  readonly keyOf: (item: Item) => string;
  /** What the filter looks at. */
  readonly wordsOf: (item: Item) => readonly (string | undefined)[];
  readonly cells: (item: Item) => ReactNode;
  /** Why it cannot be removed, where it cannot. */
  readonly reasonToKeep: (item: Item) => string | undefined;
  readonly removal: (item: Item) => Question;
}

const action: Column = { name: 'Action', silent: true, fit: true };

/** What there is of one kind on a host: a list that can be narrowed by letters, each with a way to remove it. */
export function ListPage<Item extends object>(props: Props<Item>): ReactNode {
  const { title, one, columns, keyOf, wordsOf, cells, reasonToKeep, removal } = props;
  const { items, error, reload } = props.list;
  const { field, matches } = useFilter(title);
  const [removing, setRemoving] = useState<Item>();
  return (
    <Page
      name={title}
      title={title}
      about={<span>{items === undefined ? '\u00a0' : countWords(items.length, one)}</span>}
      actions={field}
    >
      {error !== null && <Failure of={`the ${title.toLowerCase()}`} error={error} retry={reload} />}
      <Table label={title} columns={[...columns, action]}>
        {items === undefined ? (
          <SkeletonRows rows={5} widths={[...columns.map(({ skeleton }) => skeleton), '4rem']} />
        ) : (
          items
            .filter((item) => matches(...wordsOf(item)))
            .map((item) => (
              <tr key={keyOf(item)}>
                {cells(item)}
                <td data-fit>
                  <ActionButton size="compact-xs" disabledReason={reasonToKeep(item)} onClick={() => setRemoving(item)}>
                    Remove…
                  </ActionButton>
                </td>
              </tr>
            ))
        )}
      </Table>
      <ConfirmAbout subject={removing} ask={removal} onClose={() => setRemoving(undefined)} />
    </Page>
  );
}
