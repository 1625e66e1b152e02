import type { CreatedTokenView, EnvironmentKind, HostView } from '@drover/contract';
import { Button, Modal, NumberInput, SegmentedControl } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { api, queries } from '../../../api/client.ts';
import { environment } from '../../../api/environment.ts';
import { refusalOf } from '../../../api/refusal.ts';
import classes from './add-host-dialog.module.css';
import { PastedLine } from './pasted-line.tsx';

type Props = {
  readonly opened: boolean;
  readonly kind: EnvironmentKind | undefined;
  /** The host whose place the machine takes. */
  readonly replaces?: Pick<HostView, 'id' | 'name'>;
  readonly onClose: () => void;
};

const times = [
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
];

/** Makes a join token, shows the line to paste, and then the machines as they come. */
export function AddHostDialog({ opened, onClose, ...rest }: Props): ReactNode {
  const { replaces } = rest;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="40rem"
      title={
        replaces === undefined ? `Add a host to ${environment}` : `Another machine in the place of ${replaces.name}`
      }
    >
      <Steps {...rest} onClose={onClose} />
    </Modal>
  );
}

function Steps({ kind, replaces, onClose }: Omit<Props, 'opened'>): ReactNode {
  const queryClient = useQueryClient();
  const one = kind !== 'swarm' || replaces !== undefined;
  const [uses, setUses] = useState<number | string>(10);
  const [seconds, setSeconds] = useState('3600');
  const [made, setMade] = useState<CreatedTokenView>();
  const make = useMutation({
    mutationFn: () =>
      api.hosts.createToken({
        environment,
        expiresSeconds: Number(seconds),
        ...(one ? {} : { uses: Number(uses) }),
        ...(replaces === undefined ? {} : { replaces: replaces.id }),
      }),
    onSuccess: (token) => {
      setMade(token as CreatedTokenView);
      void queryClient.invalidateQueries({ queryKey: queries.hosts.listTokens.key() });
    },
  });
  if (made !== undefined) return <PastedLine token={made} onClose={onClose} />;
  const wrong = !one && !(Number.isInteger(Number(uses)) && Number(uses) >= 1 && Number(uses) <= 10_000);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (!wrong && !make.isPending) make.mutate();
  };
  return (
    <form className={classes.body} onSubmit={onSubmit}>
      <p>
        {replaces === undefined
          ? 'A line is made that you paste on the machine, as root. It needs Docker and curl there, and nothing has to be opened for it: the machine dials out to this server.'
          : `The machine takes the place of ${replaces.name}, with its name and labels. The certificate of the old one opens nothing from then on.`}
      </p>
      <div className={classes.fields}>
        {!one && (
          <NumberInput
            label="For how many machines"
            min={1}
            max={10_000}
            size="xs"
            hideControls
            w="10rem"
            value={uses}
            error={wrong && '1 to 10,000'}
            onChange={setUses}
          />
        )}
        <div>
          <div className={classes.fieldName}>The line works for</div>
          <SegmentedControl aria-label="The line works for" data={times} value={seconds} onChange={setSeconds} />
        </div>
      </div>
      {make.error !== null && (
        <p className={classes.refusal} role="alert">
          {refusalOf(make.error).message}
        </p>
      )}
      <div className={classes.buttons}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" loading={make.isPending} disabled={wrong} data-autofocus>
          Make the line
        </Button>
      </div>
    </form>
  );
}
