import type { StackView } from '@drover/contract';
import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { api, queries } from '../../api/client.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { bytesWords } from '../../words/bytes.ts';
import { countWords, listWords } from '../../words/count.ts';

type Props = { readonly stack: StackView; readonly opened: boolean; readonly onClose: () => void };

/** Asks what goes with a stack: its containers and networks always, its volumes only those that are ticked. */
export function RemoveDialog({ stack, opened, onClose }: Props): ReactNode {
  const { name } = stack;
  const navigate = useNavigate();
  const { data: all } = useQuery(queries.volumes.list.queryOptions({ enabled: opened }));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [forget, setForget] = useState(false);
  const volumes = (all ?? []).filter((volume) => volume.stack === name);
  const containers = stack.serviceStates.flatMap((service) => service.containers);

  const onConfirm = async (): Promise<void> => {
    const { deployment } = await api.stacks.remove({ name, volumes: [...chosen], forget });
    await navigate({ to: '/deployments/$id', params: { id: deployment.id } });
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={`Remove ${name}`}
      confirmWords={chosen.length === 0 ? 'Remove' : `Remove with ${countWords(chosen.length, 'volume')}`}
      typeToConfirm={chosen.length > 0 ? (chosen.length === 1 ? chosen[0] : name) : undefined}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>
        <strong>{countWords(containers.length, 'container')}</strong> and the networks of {name} go
        {containers.length > 0 && (
          <>
            {' '}
            ({listWords(containers.slice(0, 6).map((container) => container.name))}
            {containers.length > 6 && ` and ${containers.length - 6} more`})
          </>
        )}
        . Its files, variables and revisions stay, and it can be deployed again.
      </p>
      {volumes.length > 0 && (
        <div>
          <p style={{ marginBottom: '0.5rem' }}>
            Volumes stay, except those you tick. Their data is then gone for good:
          </p>
          <ul>
            {volumes.map((volume) => (
              <li key={volume.name}>
                <Checkbox
                  label={`${volume.name}${volume.sizeBytes === undefined ? '' : `, ${bytesWords(volume.sizeBytes)}`}`}
                  checked={chosen.includes(volume.name)}
                  onChange={(event) => {
                    const { checked } = event.currentTarget;
                    setChosen((old) => (checked ? [...old, volume.name] : old.filter((each) => each !== volume.name)));
                  }}
                />
              </li>
            ))}
          </ul>
        </div>
      )}
      <Checkbox
        label="Forget the stack as well: files, variables and revisions"
        checked={forget}
        onChange={(event) => setForget(event.currentTarget.checked)}
      />
    </ConfirmDialog>
  );
}
