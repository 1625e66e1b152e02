import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queries } from '../../api/client.ts';
import { stackLook } from '../../pages/stack/stack-look.ts';
import { IconPlus } from '../../ui/icons.ts';
import { Mark } from '../../ui/mark.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { KeyCaps } from '../command/key-caps.tsx';
import { EngineState } from './engine-state.tsx';
import { EnvironmentSwitch } from './environment-switch.tsx';
import { Preferences } from './preferences.tsx';
import classes from './sidebar.module.css';

/** The rooms of the environment: its hosts, and what stands on them. */
const environmentRooms = [
  { to: '/hosts', words: 'Hosts' },
  { to: '/host/containers', words: 'Containers' },
  { to: '/host/images', words: 'Images' },
  { to: '/host/networks', words: 'Networks' },
  { to: '/host/volumes', words: 'Volumes' },
  { to: '/host/disk', words: 'Disk' },
] as const;

/** What there is one of, whatever the environment. */
const serverRooms = [
  { to: '/host/registries', words: 'Registries' },
  { to: '/environments', words: 'Environments' },
] as const;

/** Where one can go: the stacks with their states, the rooms of the environment, and how things are with the engine. */
export function Sidebar({ onSearch }: { readonly onSearch: () => void }): ReactNode {
  return (
    <div className={classes.sidebar}>
      <div className={classes.top}>
        <Link to="/stacks" className={classes.brand}>
          <Mark /> Drover
        </Link>
        <EnvironmentSwitch />
      </div>
      <button type="button" className={classes.search} onClick={onSearch}>
        Go to… <KeyCaps keys="mod+k" />
      </button>
      <nav className={classes.rooms} aria-label="Rooms">
        <div className={classes.section}>
          <Link to="/stacks" className={classes.sectionName}>
            Stacks
          </Link>
          <Link to="/stacks/new" className={classes.add} aria-label="New stack" title="New stack">
            <IconPlus size={14} />
          </Link>
        </div>
        <StackLinks />
        <div className={classes.section}>Environment</div>
        {environmentRooms.map(({ to, words }) => (
          <Link key={to} to={to} className={classes.link}>
            <span className={classes.name}>{words}</span>
          </Link>
        ))}
        <div className={classes.section}>Server</div>
        {serverRooms.map(({ to, words }) => (
          <Link key={to} to={to} className={classes.link}>
            <span className={classes.name}>{words}</span>
          </Link>
        ))}
      </nav>
      <div className={classes.foot}>
        <EngineState />
        <Preferences />
      </div>
    </div>
  );
}

function StackLinks(): ReactNode {
  const { data } = useQuery(queries.stacks.list.queryOptions());
  if (data === undefined)
    return [8, 6, 7].map((width) => (
      <div key={width} className={classes.link}>
        <Skeleton width="0.75rem" />
        <Skeleton width={`${width}rem`} />
      </div>
    ));
  return data
    .filter(({ managed }) => managed)
    .map(({ name, state, running, wanted }) => (
      <Link
        key={name}
        to="/stacks/$name"
        params={{ name }}
        className={classes.link}
        title={`${name}: ${stackLook(state).word}`}
      >
        <StateMark look={stackLook(state)} label={stackLook(state).word} />
        <span className={classes.name}>{name}</span>
        {(state === 'degraded' || state === 'deploying') && (
          <span className={classes.count}>
            {running}/{wanted}
          </span>
        )}
      </Link>
    ));
}
