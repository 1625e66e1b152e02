import { type ContainerAction, type ContainerView, containerDisabledReason } from '@drover/contract';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { api } from '../../api/client.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { notifyRefusal } from '../../ui/notify.ts';

type Asking = 'kill' | 'remove' | undefined;

/** What can be done to one container, and why not what cannot. */
export function ContainerActions({ container }: { readonly container: ContainerView }): ReactNode {
  const { id, name, state, stack } = container;
  const router = useRouter();
  const [asking, setAsking] = useState<Asking>();
  const operation = useMutation({
    mutationFn: ({ call }: { readonly action: ContainerAction; readonly call: () => Promise<unknown> }) => call(),
    onError: (error, { action }) => notifyRefusal(`No ${action} of ${name}`, error),
  });
  const button = (action: ContainerAction, words: string, run: () => void): ReactNode => (
    <ActionButton
      disabledReason={containerDisabledReason(action, state)}
      loading={operation.isPending && operation.variables.action === action}
      onClick={run}
    >
      {words}
    </ActionButton>
  );
  const call = (action: 'start' | 'stop' | 'restart') => () =>
    operation.mutate({ action, call: () => api.containers[action]({ id }) });
  return (
    <>
      {containerDisabledReason('stop', state) === undefined
        ? button('stop', 'Stop', call('stop'))
        : button('start', 'Start', call('start'))}
      {button('restart', 'Restart', call('restart'))}
      {button('kill', 'Kill…', () => setAsking('kill'))}
      {button('remove', 'Remove…', () => setAsking('remove'))}
      <ConfirmDialog
        opened={asking === 'kill'}
        title={`Kill ${name}`}
        confirmWords="Kill it"
        onConfirm={() => api.containers.kill({ id, signal: 'SIGKILL' })}
        onClose={() => setAsking(undefined)}
      >
        <p>
          Its processes end at once, without a chance to write what they hold in memory. Stop lets them end in order.
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'remove'}
        title={`Remove ${name}`}
        confirmWords="Remove it"
        onConfirm={async () => {
          await api.containers.remove({ id, force: true });
          if (stack === undefined) await router.navigate({ to: '/host/containers' });
          else await router.navigate({ to: '/stacks/$name', params: { name: stack } });
        }}
        onClose={() => setAsking(undefined)}
      >
        <p>
          The container <strong>{name}</strong> goes, with what was written inside of it and its log. Its volumes stay.
          {stack !== undefined && ` ${stack} lacks it until the next deploy.`}
        </p>
      </ConfirmDialog>
    </>
  );
}
