import { type DeploymentView, isEnded } from '@drover/contract';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { api, queries } from '../../api/client.ts';
import { PlanView } from '../../plan/plan-view.tsx';
import { ActionButton } from '../../ui/action-button.tsx';
import { Ago } from '../../ui/ago.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { notifyRefusal } from '../../ui/notify.ts';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { durationWords } from '../../words/duration.ts';
import { deploymentLook, deploymentTitle, deploymentWords } from './deployment-look.ts';
import classes from './deployment-page.module.css';
import { FailurePanel } from './failure-panel.tsx';
import { ImageList } from './image-list.tsx';
import { MessageList } from './message-list.tsx';
import { OperationChart } from './operation-chart.tsx';
import { PhaseStrip } from './phase-strip.tsx';
import { doneCount, type Progress } from './progress.ts';
import { useProgress } from './use-progress.ts';

/** A deployment as it happens, and afterwards what happened. */
export function DeploymentPage(): ReactNode {
  const { id } = useParams({ from: '/deployments/$id' });
  const { data, error, refetch } = useQuery(queries.deployments.get.queryOptions({ input: { id } }));
  const { progress, refusal, connected } = useProgress(id);
  const deployment = progress.ended ?? (data as DeploymentView | undefined);
  const state = progress.ended?.state ?? progress.state ?? deployment?.state;
  const running = state !== undefined && !isEnded(state);
  const now = useNow(progress, running);
  const title = deployment === undefined ? 'Deployment' : deploymentTitle(deployment.action, deployment.revision);
  return (
    <Page
      name={deployment === undefined ? title : `${deployment.stack}: ${title}`}
      trail={[
        <Link key="stacks" to="/stacks">
          Stacks
        </Link>,
        deployment === undefined ? (
          <Skeleton key="stack" width="4rem" />
        ) : (
          <Link key="stack" to="/stacks/$name" params={{ name: deployment.stack }}>
            {deployment.stack}
          </Link>
        ),
      ]}
      title={
        <>
          {state === undefined ? <Skeleton width="0.75rem" /> : <StateMark look={deploymentLook(state)} />}
          {title}
        </>
      }
      about={
        deployment === undefined || state === undefined ? (
          <Skeleton width="14rem" />
        ) : (
          <>
            <span>{deploymentLook(state).word}</span>
            <span>
              began <Ago at={deployment.startedAt ?? deployment.createdAt} />
            </span>
            <span>
              {running ? 'for ' : 'took '}
              {durationWords(running ? now : progress.latest)}
            </span>
          </>
        )
      }
      actions={
        deployment === undefined ? (
          <Skeleton width="7rem" height="1.875rem" />
        ) : (
          <Actions deployment={deployment} running={running} />
        )
      }
    >
      {error !== null && data === undefined && (
        <Failure of="the deployment" error={error} retry={() => void refetch()} />
      )}
      {refusal !== undefined && <Notice tone="warn">{refusal.message}</Notice>}
      {!connected && progress.began !== undefined && running && (
        <Notice tone="warn">The connection broke; it is being made again. The deployment goes on.</Notice>
      )}
      {progress.ended !== undefined && (state === 'failed' || state === 'cancelled') && (
        <FailurePanel deployment={progress.ended} />
      )}
      <PhaseStrip progress={progress} now={now} />
      <MessageList messages={progress.messages} />
      {progress.images.size > 0 && <ImageList images={progress.images} />}
      {progress.rounds.map((round, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rounds only come after one another
        <section key={index} className={classes.section} aria-label={roundTitle(round.purpose)}>
          <h2>
            {roundTitle(round.purpose)}
            <small>{!round.plan.empty && `${doneCount(round)} of ${round.operations.size} operations are done`}</small>
          </h2>
          {round.plan.empty ? <PlanView plan={round.plan} /> : <OperationChart round={round} now={now} />}
        </section>
      ))}
    </Page>
  );
}

const roundTitle = (purpose: 'forward' | 'rollback'): string => (purpose === 'forward' ? 'Operations' : 'The way back');

/** Milliseconds since the deployment began, by the clock of who watches, moving while it runs. */
function useNow(progress: Progress, running: boolean): number {
  const [received, setReceived] = useState({ latest: 0, clock: performance.now() });
  const [, tick] = useState(0);
  if (received.latest !== progress.latest) setReceived({ latest: progress.latest, clock: performance.now() });
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => tick((old) => old + 1), 200);
    return () => clearInterval(timer);
  }, [running]);
  return running ? received.latest + performance.now() - received.clock : progress.latest;
}

function Actions({
  deployment,
  running,
}: {
  readonly deployment: DeploymentView;
  readonly running: boolean;
}): ReactNode {
  const { id, action, stack, revision, previousRevision } = deployment;
  const [asking, setAsking] = useState(false);
  const again = useMutation({
    mutationFn: () => api.deployments.cancel({ id }),
    onError: (error) => notifyRefusal('It was not cancelled', error),
  });
  return (
    <>
      <Button renderRoot={(props) => <Link to="/stacks/$name" params={{ name: stack }} {...props} />}>
        To the stack
      </Button>
      {running && (
        <ActionButton loading={again.isPending} onClick={() => setAsking(true)}>
          Cancel…
        </ActionButton>
      )}
      <ConfirmDialog
        opened={asking && running}
        title={`Cancel ${deploymentWords(action, revision).replace('The', 'the')}`}
        confirmWords="Cancel it"
        onConfirm={() => again.mutateAsync()}
        onClose={() => setAsking(false)}
      >
        <p>
          {previousRevision === undefined
            ? 'What it made so far is taken away again.'
            : `What it changed so far is taken back: revision ${previousRevision} serves again.`}
        </p>
      </ConfirmDialog>
    </>
  );
}
