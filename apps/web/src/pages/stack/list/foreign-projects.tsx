import type { StackSummary } from '@drover/contract';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { StateMark } from '../../../ui/state-mark.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { stackLook } from '../stack-look.ts';
import classes from './stack-list-page.module.css';

const columns: readonly Column[] = [
  { name: 'Project' },
  { name: 'Folder' },
  { name: 'Running', align: 'right', fit: true },
  { name: 'Action', silent: true, fit: true },
];

/** The projects that docker compose made here and Drover could take over. */
export function ForeignProjects({ projects }: { readonly projects: readonly StackSummary[] }): ReactNode {
  return (
    <section>
      <div className={classes.second}>
        <h2>Made by docker compose</h2>
        <p>Drover sees these projects and leaves them alone. Adopting one restarts nothing.</p>
      </div>
      <Table label="Projects made by docker compose" columns={columns}>
        {projects.map(({ name, workingDir, running, wanted }) => (
          <tr key={name}>
            <td>
              <span className={classes.name}>
                <StateMark look={stackLook('unmanaged')} />
                <Link to="/stacks/$name" params={{ name }}>
                  {name}
                </Link>
              </span>
            </td>
            <td className={classes.quiet}>
              <code>{workingDir ?? '–'}</code>
            </td>
            <td data-align="right">
              {running} of {wanted}
            </td>
            <td data-fit>
              <Button
                size="compact-xs"
                renderRoot={(props) => <Link to="/stacks/$name" params={{ name }} {...props} />}
              >
                Adopt…
              </Button>
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
