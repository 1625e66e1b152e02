import { isEnvironmentName } from '@drover/base';
import type { EnvironmentKind } from '@drover/contract';
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { api } from '../../api/client.ts';
import { notifyRefusal } from '../../ui/notify.ts';
import classes from './environments-page.module.css';

/** Makes an environment; hosts are added to it afterwards. */
export function NewEnvironmentForm({ onMade }: { readonly onMade: () => void }): ReactNode {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<EnvironmentKind>('engine');
  const make = useMutation({
    mutationFn: () => api.environments.create({ name, kind }),
    onSuccess: () => {
      setName('');
      onMade();
    },
    onError: (error) => notifyRefusal(`${name} was not made`, error),
  });
  const wrong = name !== '' && !isEnvironmentName(name);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (name !== '' && !wrong) make.mutate();
  };
  return (
    <form className={classes.form} onSubmit={onSubmit}>
      <TextInput
        label="New environment"
        placeholder="staging"
        autoComplete="off"
        spellCheck={false}
        value={name}
        error={wrong && 'Lower-case letters, digits and "-", at most 63'}
        onChange={(event) => setName(event.currentTarget.value.trim())}
      />
      <SegmentedControl<EnvironmentKind>
        aria-label="Kind of the environment"
        data={[
          { value: 'engine', label: 'One engine' },
          { value: 'swarm', label: 'Swarm of hosts' },
        ]}
        value={kind}
        onChange={setKind}
      />
      <Button type="submit" loading={make.isPending} disabled={name === '' || wrong}>
        Make it
      </Button>
    </form>
  );
}
