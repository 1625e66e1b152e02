import { type HostView, hostDisabledReason } from '@drover/contract';
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { api } from '../../../api/client.ts';
import { IconTrash } from '../../../ui/icons.ts';
import { notifyRefusal } from '../../../ui/notify.ts';
import classes from '../host.module.css';

type Change = { readonly set?: Record<string, string>; readonly unset?: string[] };

/** The labels of a host, each with the way to take it away, and a form for another one. */
export function LabelEditor({ host: { id, name, labels, state } }: { readonly host: HostView }): ReactNode {
  const [label, setLabel] = useState('');
  const [value, setValue] = useState('');
  const change = useMutation({
    mutationFn: (change: Change) => api.hosts.label({ host: id, ...change }),
    onSuccess: (_, { set }) => {
      if (set === undefined) return;
      setLabel('');
      setValue('');
    },
    onError: (error) => notifyRefusal(`The labels of ${name} were not changed`, error),
  });
  const reason = hostDisabledReason('label', state);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (label.trim() !== '') change.mutate({ set: { [label.trim()]: value.trim() } });
  };
  const entries = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
  return (
    <div className={classes.part}>
      <h2>Labels</h2>
      <ul className={classes.labelList} aria-label="Labels">
        {entries.map(([each, its]) => (
          <li key={each}>
            <code>{its === '' ? each : `${each}=${its}`}</code>
            <ActionIcon
              size="sm"
              aria-label={`Take the label ${each} away`}
              disabled={reason !== undefined}
              onClick={() => change.mutate({ unset: [each] })}
            >
              <IconTrash size={14} />
            </ActionIcon>
          </li>
        ))}
        {entries.length === 0 && (
          <li className={classes.quiet}>None yet. The label zone spreads managers of a Swarm.</li>
        )}
      </ul>
      <form className={classes.labelForm} onSubmit={onSubmit}>
        <TextInput
          label="Label"
          placeholder="zone"
          autoComplete="off"
          spellCheck={false}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <TextInput
          label="Value"
          placeholder="a"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button type="submit" loading={change.isPending} disabled={label.trim() === '' || reason !== undefined}>
          Set it
        </Button>
      </form>
    </div>
  );
}
