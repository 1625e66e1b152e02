import type { PlanView as Plan, RevisionView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, queries } from '../../../api/client.ts';
import { refusalOf } from '../../../api/refusal.ts';
import { PlanView } from '../../../plan/plan-view.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useLast } from '../../../ui/use-last.ts';

type Props = { readonly name: string; readonly revision: RevisionView | undefined; readonly onClose: () => void };

/** Shows what returning to a revision would do, and does it. */
export function RollbackDialog({ name, revision, onClose }: Props): ReactNode {
  const navigate = useNavigate();
  const number = useLast(revision)?.number ?? 0;
  const { data: plan, error } = useQuery(
    queries.stacks.plan.queryOptions({ input: { name, revision: number }, enabled: revision !== undefined, gcTime: 0 }),
  );
  return (
    <ConfirmDialog
      opened={revision !== undefined}
      title={`Roll ${name} back to revision ${number}`}
      confirmWords="Roll back"
      destructive={false}
      blockedReason={error === null ? undefined : refusalOf(error).message}
      onConfirm={async () => {
        const { deployment } = await api.stacks.rollback({ name, revision: number });
        await navigate({ to: '/deployments/$id', params: { id: deployment.id } });
      }}
      onClose={onClose}
    >
      <p>
        Files, variables, secrets and images of that revision come back together. Data in volumes stays as it is now.
      </p>
      {plan === undefined ? error === null && <Skeleton width="14rem" /> : <PlanView plan={plan as Plan} />}
    </ConfirmDialog>
  );
}
