import type { EnvironmentKind, HostView } from '@drover/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, queries } from '../../../api/client.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';

type Props = {
  readonly host: HostView;
  readonly kind: EnvironmentKind;
  readonly opened: boolean;
  readonly onClose: () => void;
};

/** Says what becomes of a host that is removed, and asks for its name. */
export function RemoveDialog({ host: { id, name, environment, state }, kind, opened, onClose }: Props): ReactNode {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <ConfirmDialog
      opened={opened}
      title={`Remove ${name}`}
      confirmWords="Remove it"
      typeToConfirm={name}
      onConfirm={async () => {
        await api.hosts.remove({ host: id });
        await navigate({ to: '/hosts' });
        await queryClient.invalidateQueries({ queryKey: queries.hosts.list.key() });
      }}
      onClose={onClose}
    >
      <p>
        The certificate of <strong>{name}</strong> opens nothing from then on, and its agent is shut out at once. What
        runs on the machine keeps running; Drover does not see it any more.
      </p>
      {kind === 'swarm' ? (
        <p>
          It leaves the list of the Swarm too: tasks that it ran are started elsewhere.
          {state !== 'drained' && ' It is not drained: drain it first, and services are replaced before they stop.'}
        </p>
      ) : (
        <p>{environment} has no engine then; its stacks stay in Drover and wait for a host.</p>
      )}
      <p>The machine can join again by a new line.</p>
    </ConfirmDialog>
  );
}
