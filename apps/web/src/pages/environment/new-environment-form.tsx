import { isEnvironmentName } from '@drover/base';
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { api } from '../../api/client.ts';
import { notifyRefusal } from '../../ui/notify.ts';
import classes from './environments-page.module.css';

/** Makes an environment; hosts are added to it afterwards. */
export function NewEnvironmentForm({ onMade }: { readonly onMade: () => void }): ReactNode {
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => api.environments.create({ name }),
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
      <Button type="submit" loading={make.isPending} disabled={name === '' || wrong}>
        Make it
      </Button>
    </form>
  );
}
