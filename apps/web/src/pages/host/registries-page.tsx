import type { RegistryView } from '@drover/contract';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { api, queries } from '../../api/client.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Ago } from '../../ui/ago.tsx';
import { ConfirmAbout } from '../../ui/confirm-about.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { notifyRefusal } from '../../ui/notify.ts';
import { Page } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import classes from './host.module.css';

const columns: readonly Column[] = [
  { name: 'Registry' },
  { name: 'User' },
  { name: 'Saved', fit: true },
  { name: 'Action', silent: true, fit: true },
];

/** The registries that Drover signs in to when it pulls and builds. */
export function RegistriesPage(): ReactNode {
  const queryClient = useQueryClient();
  const list = queries.registries.list.queryOptions();
  const { data, error, refetch } = useQuery(list);
  const [removing, setRemoving] = useState<RegistryView>();
  const reload = (): Promise<void> => queryClient.invalidateQueries({ queryKey: list.queryKey });
  return (
    <Page
      name="Registries"
      title="Registries"
      about={<span>Credentials for pulling and building images. Passwords are sealed and never shown again.</span>}
    >
      <SaveForm onSaved={() => void reload()} />
      {error !== null && <Failure of="the registries" error={error} retry={() => void refetch()} />}
      {data?.length === 0 ? (
        <Notice tone="idle">None are kept. Public images need none.</Notice>
      ) : (
        <Table label="Registries" columns={columns}>
          {data === undefined ? (
            <SkeletonRows rows={2} widths={['11rem', '7rem', '4rem', '4rem']} />
          ) : (
            data.map((registry) => (
              <tr key={registry.server}>
                <td className={classes.mono}>{registry.server}</td>
                <td>{registry.username}</td>
                <td data-fit className={classes.quiet}>
                  <Ago at={registry.updatedAt} />
                </td>
                <td data-fit>
                  <ActionButton size="compact-xs" onClick={() => setRemoving(registry)}>
                    Forget…
                  </ActionButton>
                </td>
              </tr>
            ))
          )}
        </Table>
      )}
      <ConfirmAbout
        subject={removing}
        ask={({ server }) => ({
          title: `Forget ${server}`,
          confirmWords: 'Forget it',
          onConfirm: async () => {
            await api.registries.remove({ server });
            await reload();
          },
          text: (
            <p>
              User and password for <strong>{server}</strong> are forgotten. Images that are here stay; new ones from
              there cannot be pulled.
            </p>
          ),
        })}
        onClose={() => setRemoving(undefined)}
      />
    </Page>
  );
}

function SaveForm({ onSaved }: { readonly onSaved: () => void }): ReactNode {
  const [server, setServer] = useState('');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const save = useMutation({
    mutationFn: () => api.registries.save({ server: server.trim(), username, password }),
    onSuccess: () => {
      setServer('');
      setUsername('');
      setPassword('');
      onSaved();
    },
    onError: (error) => notifyRefusal(`${server} was not saved`, error),
  });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className={classes.form} onSubmit={onSubmit}>
      <TextInput
        label="Registry"
        placeholder="ghcr.io"
        autoComplete="off"
        value={server}
        onChange={(event) => setServer(event.currentTarget.value)}
      />
      <TextInput
        label="User"
        autoComplete="off"
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password or token"
        autoComplete="off"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button
        type="submit"
        loading={save.isPending}
        disabled={server.trim() === '' || username === '' || password === ''}
      >
        Save
      </Button>
    </form>
  );
}
