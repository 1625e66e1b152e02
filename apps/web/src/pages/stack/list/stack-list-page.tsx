import type { StackSummary } from '@drover/contract';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queries } from '../../../api/client.ts';
import { Ago } from '../../../ui/ago.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Page } from '../../../ui/page.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StateMark } from '../../../ui/state-mark.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { countWords } from '../../../words/count.ts';
import { stackLook } from '../stack-look.ts';
import { ForeignProjects } from './foreign-projects.tsx';
import { PasteFirst } from './paste-first.tsx';
import classes from './stack-list-page.module.css';

const columns: readonly Column[] = [
  { name: 'Stack' },
  { name: 'State' },
  { name: 'Running', align: 'right', fit: true },
  { name: 'Services', align: 'right', fit: true },
  { name: 'Revision', align: 'right', fit: true },
  { name: 'Changed', fit: true },
];

/** All stacks with their states, and what docker compose runs beside them. */
export function StackListPage(): ReactNode {
  const { data, error, refetch } = useQuery(queries.stacks.list.queryOptions());
  const managed = data?.filter((stack) => stack.managed);
  const foreign = data?.filter((stack) => !stack.managed) ?? [];
  return (
    <Page
      name="Stacks"
      title="Stacks"
      about={<span>{managed === undefined ? '\u00a0' : summaryWords(managed)}</span>}
      actions={
        <Button variant="filled" renderRoot={(props) => <Link to="/stacks/new" {...props} />}>
          New stack
        </Button>
      }
    >
      {error !== null && <Failure of="the stacks" error={error} retry={() => void refetch()} />}
      {managed?.length === 0 ? (
        <PasteFirst />
      ) : (
        <Table label="Stacks" columns={columns}>
          {managed === undefined ? (
            <SkeletonRows rows={3} widths={['9rem', '6rem', '2rem', '1.5rem', '1.5rem', '4rem']} />
          ) : (
            managed.map((stack) => <StackRow key={stack.name} stack={stack} />)
          )}
        </Table>
      )}
      {foreign.length > 0 && <ForeignProjects projects={foreign} />}
    </Page>
  );
}

function StackRow({ stack }: { readonly stack: StackSummary }): ReactNode {
  const look = stackLook(stack.state);
  return (
    <tr>
      <td>
        <span className={classes.name}>
          <StateMark look={look} />
          <Link to="/stacks/$name" params={{ name: stack.name }}>
            {stack.name}
          </Link>
        </span>
      </td>
      <td>
        <span className={classes.flags}>
          {look.word}
          {stack.drift === true && <span className={classes.quiet}>differs from its revision</span>}
        </span>
      </td>
      <td data-align="right">{stack.wanted === 0 ? '–' : `${stack.running} of ${stack.wanted}`}</td>
      <td data-align="right">{stack.services}</td>
      <td data-align="right">{stack.revision ?? '–'}</td>
      <td data-fit className={classes.quiet}>
        {stack.updatedAt === undefined ? '–' : <Ago at={stack.updatedAt} />}
      </td>
    </tr>
  );
}

function summaryWords(stacks: readonly StackSummary[]): string {
  if (stacks.length === 0) return 'None yet';
  const troubled = stacks.filter(({ state }) => state === 'degraded' || state === 'failed').length;
  return `${countWords(stacks.length, 'stack')}, ${troubled === 0 ? 'all is well' : `${troubled} in trouble`}`;
}
