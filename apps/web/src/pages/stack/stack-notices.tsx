import type { DeploymentAction, StackView } from '@drover/contract';
import { disabledReason } from '@drover/contract';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queries } from '../../api/client.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { notifyRefusal } from '../../ui/notify.ts';
import { deploymentWords } from '../deployment/deployment-look.ts';

/** What the reader of any room of the stack has to know now: what runs, what failed, what differs. */
export function StackNotices({ stack }: { readonly stack: StackView }): ReactNode {
  const { state, activeDeployment, lastDeployment, drift, undeployedEdits } = stack;
  if (state === 'unmanaged') return <AdoptNotice stack={stack} />;
  if (activeDeployment !== undefined) return <RunningNotice deployment={activeDeployment} />;
  return (
    <>
      {lastDeployment?.state === 'failed' && (
        <Notice
          tone="bad"
          actions={
            <Button
              renderRoot={(props) => <Link to="/deployments/$id" params={{ id: lastDeployment.id }} {...props} />}
            >
              See why
            </Button>
          }
        >
          <strong>{deploymentWords(lastDeployment.action, lastDeployment.revision)} failed.</strong>{' '}
          {lastDeployment.failure?.message}{' '}
          {lastDeployment.servingRevision !== undefined && `Revision ${lastDeployment.servingRevision} serves.`}
        </Notice>
      )}
      {drift === true && (
        <Notice tone="warn" actions={<RoomButton stack={stack} words="See what differs" />}>
          <strong>What runs differs from revision {stack.revision}.</strong> Somebody changed it beside Drover. A deploy
          brings it back.
        </Notice>
      )}
      {undeployedEdits && (
        <Notice tone="idle" actions={<RoomButton stack={stack} words="Review and deploy" />}>
          <strong>Saved changes are not deployed.</strong>{' '}
          {stack.revision === undefined ? 'Nothing of this stack runs yet.' : `Revision ${stack.revision} serves.`}
        </Notice>
      )}
    </>
  );
}

function RoomButton({ stack, words }: { readonly stack: StackView; readonly words: string }): ReactNode {
  return (
    <Button renderRoot={(props) => <Link to="/stacks/$name/edit" params={{ name: stack.name }} {...props} />}>
      {words}
    </Button>
  );
}

function RunningNotice({ deployment: id }: { readonly deployment: string }): ReactNode {
  const { data } = useQuery(queries.deployments.get.queryOptions({ input: { id } }));
  const action: DeploymentAction = data?.action ?? 'deploy';
  return (
    <Notice
      tone="progress"
      actions={<Button renderRoot={(props) => <Link to="/deployments/$id" params={{ id }} {...props} />}>Watch</Button>}
    >
      <strong>{deploymentWords(action, data?.revision)} is under way.</strong>{' '}
      {data !== undefined &&
        data.operationsTotal > 0 &&
        `${data.operationsDone} of ${data.operationsTotal} operations are done.`}
    </Notice>
  );
}

function AdoptNotice({ stack }: { readonly stack: StackView }): ReactNode {
  const navigate = useNavigate();
  const adopt = useMutation(
    queries.stacks.adopt.mutationOptions({
      onSuccess: ({ deployment }) => void navigate({ to: '/deployments/$id', params: { id: deployment.id } }),
      onError: (error) => notifyRefusal(`${stack.name} was not adopted`, error),
    }),
  );
  return (
    <Notice
      tone="idle"
      actions={
        <ActionButton
          variant="filled"
          disabledReason={disabledReason('adopt', stack.state)}
          loading={adopt.isPending}
          onClick={() => adopt.mutate({ name: stack.name })}
        >
          Adopt
        </ActionButton>
      }
    >
      <strong>docker compose made this project.</strong> Adopting it makes it a stack of Drover’s as it stands: nothing
      is restarted, and docker compose still sees it.
    </Notice>
  );
}
