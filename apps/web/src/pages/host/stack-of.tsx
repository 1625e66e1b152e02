import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './host.module.css';

/** A link to the stack that something belongs to. */
export function StackOf({ name }: { readonly name: string | undefined }): ReactNode {
  if (name === undefined) return <span className={classes.quiet}>–</span>;
  return (
    <Link to="/stacks/$name" params={{ name }}>
      {name}
    </Link>
  );
}
