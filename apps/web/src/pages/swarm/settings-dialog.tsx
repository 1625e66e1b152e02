import type { ClusterView, WantedManagersView } from '@drover/contract';
import { Checkbox, NumberInput, SegmentedControl } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, queries } from '../../api/client.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { managersChoice, managersChoices, managersOf } from './managers-choice.ts';
import classes from './swarm-panel.module.css';

type Props = { readonly swarm: ClusterView; readonly opened: boolean; readonly onClose: () => void };

/** Says how many managers there are, how fast a loss is seen, and autolock; only what was changed is sent. */
export function SettingsDialog({ swarm, opened, onClose }: Props): ReactNode {
  // What was chosen is forgotten with the dialog.
  return opened ? <Settings swarm={swarm} onClose={onClose} /> : null;
}

function Settings({ swarm, onClose }: Omit<Props, 'opened'>): ReactNode {
  const queryClient = useQueryClient();
  const { wantedManagers, heartbeatMs, autolock } = swarm;
  const [managers, setManagers] = useState(managersChoice(wantedManagers));
  const [seconds, setSeconds] = useState<number | string>(heartbeatMs === null ? '' : heartbeatMs / 1000);
  const [locked, setLocked] = useState(autolock ?? false);
  const heartbeat = seconds === '' ? undefined : Math.round(Number(seconds) * 1000);
  const change: { managers?: WantedManagersView; heartbeatMs?: number; autolock?: boolean } = {
    ...(managers === managersChoice(wantedManagers) ? {} : { managers: managersOf(managers) }),
    ...(heartbeat === undefined || heartbeat === heartbeatMs ? {} : { heartbeatMs: heartbeat }),
    ...(locked === (autolock ?? false) ? {} : { autolock: locked }),
  };
  const wrong = heartbeat !== undefined && !(heartbeat >= 500 && heartbeat <= 60_000);
  return (
    <ConfirmDialog
      opened
      title="Settings of the Swarm"
      confirmWords="Set it"
      destructive={false}
      blockedReason={wrong ? 'A heartbeat is between 0.5 and 60 seconds.' : undefined}
      onConfirm={async () => {
        if (Object.keys(change).length === 0) return;
        await api.cluster.set(change);
        await queryClient.invalidateQueries({ queryKey: queries.cluster.get.key() });
      }}
      onClose={onClose}
    >
      <div>
        <div className={classes.fieldName}>Managers</div>
        <SegmentedControl
          aria-label="Managers"
          data={managersChoices(wantedManagers)}
          value={managers}
          onChange={setManagers}
        />
        <p className={classes.about}>
          Automatic: 5 of five hosts or more, 3 of three, else 1, spread over the label zone. Three bear the loss of
          one, five of two.
        </p>
      </div>
      <NumberInput
        label="Seconds between heartbeats"
        description="A node is down after three that are missed. Shorter sees a loss sooner and takes a busy machine for a lost one sooner."
        size="xs"
        hideControls
        min={0.5}
        max={60}
        step={0.5}
        decimalScale={1}
        value={seconds}
        onChange={setSeconds}
      />
      <Checkbox
        label="Autolock: a restarted manager needs the unlock key, which Drover keeps and gives"
        checked={locked}
        onChange={(event) => setLocked(event.currentTarget.checked)}
      />
    </ConfirmDialog>
  );
}
