import { Fragment, type ReactNode, useEffect } from 'react';
import { environment } from '../api/environment.ts';
import { localEnvironment } from '../api/environment-address.ts';
import classes from './page.module.css';

type Props = {
  /** The name of the tab in the browser; the environment and `Drover` are added. */
  readonly name: string;
  readonly trail?: readonly ReactNode[];
  readonly title: ReactNode;
  /** Short facts under the title, set apart by dots. */
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly wide?: boolean;
  readonly children: ReactNode;
};

/** The frame of every page: where one is, what it is, what can be done, then the content. */
export function Page({ name, trail, title, about, actions, wide, children }: Props): ReactNode {
  useEffect(() => {
    document.title = `${name} · ${environment === localEnvironment ? '' : `${environment} · `}Drover`;
  }, [name]);
  return (
    <div className={classes.page} data-wide={wide || undefined}>
      <header className={classes.head}>
        <div className={classes.names}>
          {trail !== undefined && (
            <nav className={classes.trail} aria-label="Where you are">
              {trail.map((step, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a trail has no identity but its order
                <Fragment key={index}>
                  {step}
                  <span aria-hidden>/</span>
                </Fragment>
              ))}
            </nav>
          )}
          <h1 className={classes.title}>{title}</h1>
          {about !== undefined && <div className={classes.about}>{about}</div>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
