import type { ReactNode } from 'react';
import classes from './host.module.css';

/** What is not known is said. */
export function Unknown(): ReactNode {
  return <span className={classes.quiet}>unknown</span>;
}
