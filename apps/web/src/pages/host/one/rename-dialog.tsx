import type { HostView } from '@drover/contract';
import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { api } from '../../../api/client.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';

type Props = { readonly host: HostView; readonly opened: boolean; readonly onClose: () => void };

/** Gives a host another name, and goes on at its new address. */
export function RenameDialog({ host: { id, name }, opened, onClose }: Props): ReactNode {
  const navigate = useNavigate();
  const [wanted, setWanted] = useState(name);
  const renamed = wanted.trim();
  return (
    <ConfirmDialog
      opened={opened}
      title={`Rename ${name}`}
      confirmWords="Rename it"
      destructive={false}
      blockedReason={renamed === '' ? 'A host has a name.' : undefined}
      onConfirm={async () => {
        if (renamed === name) return;
        await api.hosts.rename({ host: id, name: renamed });
        await navigate({ to: '/hosts/$host', params: { host: renamed }, replace: true });
      }}
      onClose={onClose}
    >
      <TextInput
        label="Name in Drover"
        description="Small letters, digits, dots and hyphens. The machine keeps its own hostname."
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}
