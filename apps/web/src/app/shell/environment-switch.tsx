import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queries } from '../../api/client.ts';
import { environment } from '../../api/environment.ts';
import { localEnvironment, sameRoomIn } from '../../api/environment-address.ts';
import { environmentLook } from '../../pages/environment/environment-look.ts';
import { IconChevronDown } from '../../ui/icons.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import classes from './environment-switch.module.css';

/** Which environment this page is of, and the way to the others; nothing where there is only one. */
export function EnvironmentSwitch(): ReactNode {
  const { data, refetch } = useQuery(queries.environments.list.queryOptions());
  const { pathname } = useLocation();
  if (environment === localEnvironment && (data?.length ?? 1) < 2) return null;
  return (
    // How the others are is told to nobody who does not ask.
    <Menu position="bottom-end" width={220} onOpen={() => void refetch()}>
      <Menu.Target>
        <button type="button" className={classes.switch} aria-label={`Environment ${environment}`}>
          <span className={classes.name}>{environment}</span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Environments</Menu.Label>
        {data?.map(({ name, state, reason }) => (
          <Menu.Item
            key={name}
            component="a"
            href={sameRoomIn(name, pathname)}
            title={reason ?? environmentLook(state).word}
            aria-current={name === environment || undefined}
            data-current={name === environment || undefined}
            className={classes.item}
            leftSection={<StateMark look={environmentLook(state)} label={environmentLook(state).word} />}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item renderRoot={(props) => <Link to="/environments" {...props} />}>Manage environments…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
