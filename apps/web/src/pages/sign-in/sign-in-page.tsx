import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { api } from '../../api/client.ts';
import { refusalOf } from '../../api/refusal.ts';
import { writeToken } from '../../api/token.ts';
import { Mark } from '../../ui/mark.tsx';
import classes from './sign-in-page.module.css';

type Progress =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'refused'; readonly why: string };

/** Sign-in by the one-time code of a link, which needs no hand, or by a token. */
export function SignInPage({ code }: { readonly code: string | undefined }): ReactNode {
  const [progress, setProgress] = useState<Progress>({ kind: code === undefined ? 'idle' : 'busy' });
  const [token, setToken] = useState('');
  const exchanged = useRef(false);

  const signIn = async (obtain: () => Promise<string>): Promise<void> => {
    setProgress({ kind: 'busy' });
    try {
      writeToken(await obtain());
    } catch (error) {
      setProgress({ kind: 'refused', why: refusalOf(error).message });
    }
  };
  useEffect(() => {
    document.title = 'Sign in · Drover';
    // A code works once, so it is sent once, whatever React does with effects.
    if (code === undefined || exchanged.current) return;
    exchanged.current = true;
    void signIn(async () => (await api.session.exchange({ code })).token);
  });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const typed = token.trim();
    void signIn(async () => {
      await api.session.whoami(undefined, { context: { token: typed } });
      return typed;
    });
  };

  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <div className={classes.brand}>
          <Mark size={26} />
          <h1>Drover</h1>
        </div>
        <h2>Sign in</h2>
        <p>Open the one-time link that Drover printed when it started, or paste the admin token.</p>
        <form className={classes.form} onSubmit={onSubmit}>
          <PasswordInput
            label="Admin token"
            size="sm"
            autoComplete="current-password"
            autoFocus
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
          <Button
            type="submit"
            size="sm"
            variant="filled"
            loading={progress.kind === 'busy'}
            disabled={token.trim() === ''}
          >
            Sign in
          </Button>
          <p className={classes.refusal} role="alert">
            {progress.kind === 'refused' && `${progress.why}`}
          </p>
        </form>
        <div className={classes.hint}>
          <p>No link? On Drover’s machine, this makes a new one:</p>
          <code className={classes.command}>drover link</code>
        </div>
      </div>
    </main>
  );
}
