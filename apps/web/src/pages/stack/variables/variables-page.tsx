import type { VariableView } from '@drover/contract';
import { ActionIcon, Button, Checkbox, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { api, queries } from '../../../api/client.ts';
import { Ago } from '../../../ui/ago.tsx';
import { ConfirmAbout } from '../../../ui/confirm-about.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { IconTrash } from '../../../ui/icons.ts';
import { Notice } from '../../../ui/notice.tsx';
import { notifyRefusal } from '../../../ui/notify.ts';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import classes from './variables-page.module.css';

const columns: readonly Column[] = [
  { name: 'Name' },
  { name: 'Value' },
  { name: 'Set', fit: true },
  { name: 'Action', silent: true, fit: true },
];
const namePattern = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** The variables and secrets that the stack's files are filled in with. */
export function VariablesPage(): ReactNode {
  const { name } = useParams({ from: '/stacks/$name' });
  const queryClient = useQueryClient();
  const list = queries.variables.list.queryOptions({ input: { name } });
  const { data, error, refetch } = useQuery(list);
  const [removing, setRemoving] = useState<VariableView>();
  const reload = (): Promise<void> => queryClient.invalidateQueries({ queryKey: list.queryKey });
  return (
    <>
      <p className={classes.intro}>
        Values for <code>$NAME</code> and <code>$&#123;NAME&#125;</code> in the files of this stack. They win over{' '}
        <code>.env</code> and count from the next deploy on. A secret is sealed when it is stored and never shown again.
      </p>
      <SetForm name={name} onSet={() => void reload()} />
      {error !== null && <Failure of="the variables" error={error} retry={() => void refetch()} />}
      {data?.length === 0 ? (
        <Notice tone="idle">No variables are kept with this stack.</Notice>
      ) : (
        <Table label={`Variables of ${name}`} columns={columns}>
          {data === undefined ? (
            <SkeletonRows rows={3} widths={['9rem', '12rem', '4rem', '1.5rem']} />
          ) : (
            data.map((variable) => (
              <tr key={variable.name}>
                <td>
                  <code>{variable.name}</code>
                </td>
                <td className={classes.value}>
                  {variable.secret ? <span className={classes.quiet}>secret</span> : variable.value}
                </td>
                <td data-fit className={classes.quiet}>
                  <Ago at={variable.updatedAt} />
                </td>
                <td data-fit>
                  <ActionIcon
                    size="1.25rem"
                    aria-label={`Unset ${variable.name}`}
                    onClick={() => setRemoving(variable)}
                  >
                    <IconTrash size={14} />
                  </ActionIcon>
                </td>
              </tr>
            ))
          )}
        </Table>
      )}
      <ConfirmAbout
        subject={removing}
        ask={({ name: variable, secret }) => ({
          title: `Unset ${variable}`,
          confirmWords: 'Unset',
          onConfirm: async () => {
            await api.variables.unset({ name, variable });
            await reload();
          },
          text: (
            <p>
              The value of <code>{variable}</code> is forgotten{secret && '; nobody can read it back'}. What runs keeps
              it until the next deploy.
            </p>
          ),
        })}
        onClose={() => setRemoving(undefined)}
      />
    </>
  );
}

function SetForm({ name, onSet }: { readonly name: string; readonly onSet: () => void }): ReactNode {
  const [variable, setVariable] = useState('');
  const [value, setValue] = useState('');
  const [secret, setSecret] = useState(false);
  const set = useMutation({
    mutationFn: () => api.variables.set({ name, variable, value, secret }),
    onSuccess: () => {
      setVariable('');
      setValue('');
      onSet();
    },
    onError: (error) => notifyRefusal(`${variable} was not set`, error),
  });
  const wrong = variable !== '' && !namePattern.test(variable);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (variable !== '' && !wrong) set.mutate();
  };
  return (
    <form className={classes.form} onSubmit={onSubmit}>
      <TextInput
        label="Name"
        placeholder="DATABASE_URL"
        autoComplete="off"
        spellCheck={false}
        value={variable}
        error={wrong && 'letters, digits and _, not a digit first'}
        onChange={(event) => setVariable(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mono)' } }}
      />
      <TextInput
        label="Value"
        type={secret ? 'password' : 'text'}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mono)' } }}
      />
      <Checkbox
        className={classes.secret ?? ''}
        label="Secret"
        checked={secret}
        onChange={(event) => setSecret(event.currentTarget.checked)}
      />
      <Button type="submit" loading={set.isPending} disabled={variable === '' || wrong}>
        Set
      </Button>
    </form>
  );
}
