import type { ContainerView } from '@drover/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { StateMark } from '../../ui/state-mark.tsx';
import type { Column } from '../../ui/table.tsx';
import { containerLook } from '../container/container-look.ts';
import classes from './host.module.css';
import { Unknown } from './unknown.tsx';

/** The columns of `ContainerRow`. */
export function containerColumns(withHost: boolean): readonly Column[] {
  return [
    { name: 'Container' },
    { name: 'Stack', fit: true },
    ...(withHost ? [{ name: 'Host', fit: true }] : []),
    { name: 'Image' },
    { name: 'Status' },
  ];
}

/** A container in a list of them; `withHost` where there are several hosts. */
export function ContainerRow({
  container,
  withHost,
}: {
  readonly container: ContainerView;
  readonly withHost: boolean;
}): ReactNode {
  const { name, stack, host, image, status } = container;
  const look = containerLook(container);
  return (
    <tr>
      <td className={classes.containerCell}>
        <span className={classes.name}>
          <StateMark look={look} label={look.word} />
          <Link to="/containers/$id/logs" params={{ id: name }}>
            {name}
          </Link>
        </span>
      </td>
      <td data-fit>
        {stack === undefined ? (
          <span className={classes.quiet}>–</span>
        ) : (
          <Link to="/stacks/$name" params={{ name: stack }}>
            {stack}
          </Link>
        )}
      </td>
      {withHost && (
        <td data-fit>
          {host === undefined ? (
            <Unknown />
          ) : (
            <Link to="/hosts/$host" params={{ host }}>
              {host}
            </Link>
          )}
        </td>
      )}
      <td className={classes.imageCell} title={image}>
        <span className={classes.mono}>{shortDigest(image)}</span>
      </td>
      <td>{status}</td>
    </tr>
  );
}

/** An image as it is told from others: of a digest the first letters. */
function shortDigest(image: string): string {
  return image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1…');
}
