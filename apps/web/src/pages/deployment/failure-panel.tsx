import type { DeploymentView } from '@drover/contract';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { stripAnsi } from '../../log/ansi.ts';
import { Diagnostics } from '../../plan/diagnostics.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { deploymentLook } from './deployment-look.ts';
import classes from './deployment-page.module.css';

/** Why a deployment did not succeed, the log lines that show it, what serves now, and where to go from here. */
export function FailurePanel({ deployment }: { readonly deployment: DeploymentView }): ReactNode {
  const { failure, state, stack, servingRevision, action } = deployment;
  return (
    <section className={classes.failure} role="alert">
      <h2>
        <StateMark look={deploymentLook(state)} />
        {failure?.message ?? (state === 'cancelled' ? 'It was cancelled.' : 'It failed.')}
      </h2>
      <p>{servingWords(servingRevision, action)}</p>
      {failure?.diagnostics !== undefined && failure.diagnostics.length > 0 && (
        <Diagnostics diagnostics={failure.diagnostics} />
      )}
      {failure?.logs !== undefined && failure.logs.length > 0 && (
        <>
          <p>The last log lines of {failure.container ?? failure.service ?? 'what failed'}:</p>
          <pre>{failure.logs.map(stripAnsi).join('\n')}</pre>
        </>
      )}
      <nav aria-label="What now">
        <Button renderRoot={(props) => <Link to="/stacks/$name/edit" params={{ name: stack }} {...props} />}>
          Edit the files
        </Button>
        <Button renderRoot={(props) => <Link to="/stacks/$name/logs" params={{ name: stack }} {...props} />}>
          Logs of the stack
        </Button>
      </nav>
    </section>
  );
}

function servingWords(revision: number | undefined, action: DeploymentView['action']): string {
  if (revision !== undefined) return `Revision ${revision} serves.`;
  return action === 'deploy' || action === 'rollback'
    ? 'Nothing of this stack serves: there was no revision before.'
    : '';
}
